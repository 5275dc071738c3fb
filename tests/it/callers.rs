//! Programs that call sendmail, each with the words and the octets that it is known to use: cron, mail readers,
//! libraries. Each hands over umlauts, a dot alone and, where it can, a Bcc. What is in the queue then is compared
//! octet for octet, and the program hears nothing.

use crate::handed::{sendmail, user};

/// What a caller does, and what is to come of it.
struct Caller {
    name: &'static str,
    /// The words behind `sendmail`.
    says: &'static str,
    writes: &'static str,
    /// `USER` is who runs the test.
    sender: &'static str,
    recipients: &'static str,
    queued: &'static str,
}

const CALLERS: &[Caller] = &[
    Caller {
        name: "cron of Debian",
        says: "-FCronDaemon -i -B8BITMIME -oem root",
        writes: "From: root (Cron Daemon)\nTo: root\nSubject: Cron <root@vm> job\nMIME-Version: 1.0\n\
                 Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n\
                 X-Cron-Env: <SHELL=/bin/sh>\nX-Cron-Env: <LOGNAME=root>\n\nGrüße\n.\nEnde\n",
        sender: "USER@alpha.arpa",
        recipients: "root@alpha.arpa",
        queued: "Date: NEW\nMessage-ID: <NEW@alpha.arpa>\nFrom: root@alpha.arpa (Cron Daemon)\n\
                 To: root@alpha.arpa\nSubject: Cron <root@vm> job\nMIME-Version: 1.0\n\
                 Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n\
                 X-Cron-Env: <SHELL=/bin/sh>\nX-Cron-Env: <LOGNAME=root>\n\nGrüße\n.\nEnde\n",
    },
    Caller {
        name: "cronie",
        says: "-FCronDaemon -i -odi -oem -oi -t -f root",
        writes: "From: \"(Cron Daemon)\" <root>\nTo: root\nSubject: Cron <root@vm> job\n\nGrüße\n.\nEnde\n",
        sender: "root@alpha.arpa",
        recipients: "root@alpha.arpa",
        queued: "Date: NEW\nMessage-ID: <NEW@alpha.arpa>\nFrom: \"(Cron Daemon)\" <root@alpha.arpa>\n\
                 To: root@alpha.arpa\nSubject: Cron <root@vm> job\n\nGrüße\n.\nEnde\n",
    },
    Caller {
        name: "cron of BSD",
        says: "-FCronDaemon -odi -oem -oi -t",
        writes: "From: root (Cron Daemon)\nTo: root\nSubject: Cron <root@vm> job\n\nGrüße\n.\nEnde\n",
        sender: "USER@alpha.arpa",
        recipients: "root@alpha.arpa",
        queued: "Date: NEW\nMessage-ID: <NEW@alpha.arpa>\nFrom: root@alpha.arpa (Cron Daemon)\n\
                 To: root@alpha.arpa\nSubject: Cron <root@vm> job\n\nGrüße\n.\nEnde\n",
    },
    Caller {
        name: "systemd-cron",
        says: "-i -B 8BITMIME Jones@Beta.ARPA",
        writes: "Date: Mon, 02 Nov 1981 14:37:00 +0000\nFrom: root (systemd-cron)\nTo: Jones@Beta.ARPA\n\
                 Subject: [vm] job failed\nAuto-Submitted: auto-generated\n\nGrüße\n.\nEnde\n",
        sender: "USER@alpha.arpa",
        recipients: "Jones@Beta.ARPA",
        queued: "Message-ID: <NEW@alpha.arpa>\nDate: Mon, 02 Nov 1981 14:37:00 +0000\n\
                 From: root@alpha.arpa (systemd-cron)\nTo: Jones@Beta.ARPA\nSubject: [vm] job failed\n\
                 Auto-Submitted: auto-generated\n\nGrüße\n.\nEnde\n",
    },
    Caller {
        name: "crond of BusyBox, which forgets a dash",
        says: "-ti oem",
        writes: "To: root\nSubject: cron: job\n\nGrüße\n.\nEnde\n",
        sender: "USER@alpha.arpa",
        recipients: "root@alpha.arpa",
        queued: "Date: NEW\nFrom: <USER@alpha.arpa>\nMessage-ID: <NEW@alpha.arpa>\nTo: root@alpha.arpa\n\
                 Subject: cron: job\n\nGrüße\n.\nEnde\n",
    },
    Caller {
        name: "anacron, without -i",
        says: "-FAnacron -odi root",
        writes: "From: Anacron <root>\nTo: root\nSubject: Anacron job 'cron.daily' on vm\n\
                 Content-Type: text/plain; charset=\"utf-8\"\n\nGrüße\n.\nEnde\n",
        sender: "USER@alpha.arpa",
        recipients: "root@alpha.arpa",
        queued: "Date: NEW\nMessage-ID: <NEW@alpha.arpa>\nFrom: Anacron <root@alpha.arpa>\n\
                 To: root@alpha.arpa\nSubject: Anacron job 'cron.daily' on vm\n\
                 Content-Type: text/plain; charset=\"utf-8\"\n\nGrüße\n",
    },
    Caller {
        name: "at, without a From",
        says: "-i root",
        writes: "Subject: Output from your job        2\nTo: root\n\nGrüße\n.\nEnde\n",
        sender: "USER@alpha.arpa",
        recipients: "root@alpha.arpa",
        queued: "Date: NEW\nFrom: <USER@alpha.arpa>\nMessage-ID: <NEW@alpha.arpa>\n\
                 Subject: Output from your job        2\nTo: root@alpha.arpa\n\nGrüße\n.\nEnde\n",
    },
    Caller {
        name: "sudo, without -i",
        says: "-t",
        writes: "To: root\nFrom: smith\nAuto-Submitted: auto-generated\n\
                 Subject: *** SECURITY information for vm ***\n\nvm : Nov  2 14:37:00 : Grüße\n.\nEnde\n",
        sender: "USER@alpha.arpa",
        recipients: "root@alpha.arpa",
        queued: "Date: NEW\nMessage-ID: <NEW@alpha.arpa>\nTo: root@alpha.arpa\nFrom: smith@alpha.arpa\n\
                 Auto-Submitted: auto-generated\nSubject: *** SECURITY information for vm ***\n\n\
                 vm : Nov  2 14:37:00 : Grüße\n",
    },
    Caller {
        name: "bsd-mailx, which leaves Bcc to us",
        says: "-i -t -f Smith@Alpha.ARPA",
        writes: "To: Jones@Beta.ARPA\nSubject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\nCc: Brown@Beta.ARPA\n\
                 Bcc: Green@Beta.ARPA\nMIME-Version: 1.0\nMessage-Id: <E1@vm>\n\
                 From: Smith <Smith@Alpha.ARPA>\nDate: Mon, 02 Nov 1981 14:37:00 +0000\n\nGrüße\n.\nEnde\n",
        sender: "Smith@Alpha.ARPA",
        recipients: "Jones@Beta.ARPA Brown@Beta.ARPA Green@Beta.ARPA",
        queued: "To: Jones@Beta.ARPA\nSubject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\nCc: Brown@Beta.ARPA\n\
                 MIME-Version: 1.0\nMessage-Id: <E1@vm>\nFrom: Smith <Smith@Alpha.ARPA>\n\
                 Date: Mon, 02 Nov 1981 14:37:00 +0000\n\nGrüße\n.\nEnde\n",
    },
    Caller {
        name: "GNU mailutils, which names a sender without a real domain",
        says: "-oi -f root@vm -t",
        writes: "To: <Jones@Beta.ARPA>\nBcc: <Green@Beta.ARPA>\nSubject: hi\nX-Mailer: mail (GNU Mailutils 3.15)\n\
                 Message-Id: <1981@vm>\nDate: Mon,  2 Nov 1981 14:37:00 +0000\nFrom: root@vm\n\nGrüße\n.\nEnde\n",
        sender: "root@vm",
        recipients: "Jones@Beta.ARPA Green@Beta.ARPA",
        queued: "To: <Jones@Beta.ARPA>\nSubject: hi\nX-Mailer: mail (GNU Mailutils 3.15)\n\
                 Message-Id: <1981@vm>\nDate: Mon,  2 Nov 1981 14:37:00 +0000\nFrom: root@vm\n\nGrüße\n.\nEnde\n",
    },
    Caller {
        name: "s-nail",
        says: "-i -f Smith@Alpha.ARPA -- Jones@Beta.ARPA Green@Beta.ARPA",
        writes: "Date: Mon, 02 Nov 1981 14:37:00 +0000\nFrom: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA\n\
                 Subject: hi\nMessage-ID: <19811102143700.1@alpha.arpa>\n\nGrüße\n.\nEnde\n",
        sender: "Smith@Alpha.ARPA",
        recipients: "Jones@Beta.ARPA Green@Beta.ARPA",
        queued: "Date: Mon, 02 Nov 1981 14:37:00 +0000\nFrom: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA\n\
                 Subject: hi\nMessage-ID: <19811102143700.1@alpha.arpa>\n\nGrüße\n.\nEnde\n",
    },
    Caller {
        name: "mutt",
        says: "-oem -oi -f Smith@Alpha.ARPA -- Jones@Beta.ARPA Green@Beta.ARPA",
        writes: "Date: Mon, 2 Nov 1981 14:37:00 +0000\nFrom: Smith <Smith@Alpha.ARPA>\nTo: Jones@Beta.ARPA\n\
                 Subject: hi\nMessage-ID: <aB@vm>\nMIME-Version: 1.0\n\
                 Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nGrüße\n.\nEnde\n",
        sender: "Smith@Alpha.ARPA",
        recipients: "Jones@Beta.ARPA Green@Beta.ARPA",
        queued: "Date: Mon, 2 Nov 1981 14:37:00 +0000\nFrom: Smith <Smith@Alpha.ARPA>\nTo: Jones@Beta.ARPA\n\
                 Subject: hi\nMessage-ID: <aB@vm>\nMIME-Version: 1.0\n\
                 Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nGrüße\n.\nEnde\n",
    },
    Caller {
        name: "neomutt, without -f",
        says: "-oem -oi -- Jones@Beta.ARPA",
        writes: "Date: Mon, 2 Nov 1981 14:37:00 +0000\nFrom: Smith <Smith@Alpha.ARPA>\nTo: Jones@Beta.ARPA\n\
                 Message-ID: <aB@vm>\n\nGrüße\n.\nEnde\n",
        sender: "USER@alpha.arpa",
        recipients: "Jones@Beta.ARPA",
        queued: "Date: Mon, 2 Nov 1981 14:37:00 +0000\nFrom: Smith <Smith@Alpha.ARPA>\nTo: Jones@Beta.ARPA\n\
                 Message-ID: <aB@vm>\n\nGrüße\n.\nEnde\n",
    },
    Caller {
        name: "git send-email",
        says: "-i Jones@Beta.ARPA brown@beta.arpa Green@Beta.ARPA",
        writes: "From: Smith <Smith@Alpha.ARPA>\nTo: Jones@Beta.ARPA\nCc: Smith <brown@beta.arpa>\n\
                 Subject: [PATCH] =?UTF-8?q?Gr=C3=BC=C3=9Fe?=\nDate: Mon,  2 Nov 1981 14:37:00 +0000\n\
                 Message-ID: <19811102143700.4711-1-Smith@Alpha.ARPA>\nX-Mailer: git-send-email 2.39.5\n\
                 MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n\
                 Content-Transfer-Encoding: 8bit\n\n---\n+Grüße\n.\n-- \n2.39.5\n\n",
        sender: "USER@alpha.arpa",
        recipients: "Jones@Beta.ARPA brown@beta.arpa Green@Beta.ARPA",
        queued: "From: Smith <Smith@Alpha.ARPA>\nTo: Jones@Beta.ARPA\nCc: Smith <brown@beta.arpa>\n\
                 Subject: [PATCH] =?UTF-8?q?Gr=C3=BC=C3=9Fe?=\nDate: Mon,  2 Nov 1981 14:37:00 +0000\n\
                 Message-ID: <19811102143700.4711-1-Smith@Alpha.ARPA>\nX-Mailer: git-send-email 2.39.5\n\
                 MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n\
                 Content-Transfer-Encoding: 8bit\n\n---\n+Grüße\n.\n-- \n2.39.5\n\n",
    },
    Caller {
        name: "mail() of PHP: a header in CRLF, a text in LF",
        says: "-t -i -fwww@alpha.arpa",
        writes: "To: Jones@Beta.ARPA\r\nSubject: =?UTF-8?B?R3LDvMOfZQ==?=\r\nX-PHP-Originating-Script: 33:a.php\r\n\
                 From: Smith@Alpha.ARPA\r\nBcc: Green@Beta.ARPA\r\n\r\nGrüße\n.\nEnde\n",
        sender: "www@alpha.arpa",
        recipients: "Jones@Beta.ARPA Green@Beta.ARPA",
        queued: "Date: NEW\nMessage-ID: <NEW@Alpha.ARPA>\nTo: Jones@Beta.ARPA\n\
                 Subject: =?UTF-8?B?R3LDvMOfZQ==?=\nX-PHP-Originating-Script: 33:a.php\n\
                 From: Smith@Alpha.ARPA\n\nGrüße\n.\nEnde\n",
    },
    Caller {
        name: "PHPMailer, which says it twice",
        says: "-t -i -oi -fwww@alpha.arpa -t",
        writes: "Date: Mon, 2 Nov 1981 14:37:00 +0000\nTo: Jones@Beta.ARPA\nFrom: Smith <Smith@Alpha.ARPA>\n\
                 Bcc: Green@Beta.ARPA\nSubject: hi\nMessage-ID: <aB@vm>\nMIME-Version: 1.0\n\n\
                 Grüße\n.\nEnde\n\n",
        sender: "www@alpha.arpa",
        recipients: "Jones@Beta.ARPA Green@Beta.ARPA",
        queued: "Date: Mon, 2 Nov 1981 14:37:00 +0000\nTo: Jones@Beta.ARPA\nFrom: Smith <Smith@Alpha.ARPA>\n\
                 Subject: hi\nMessage-ID: <aB@vm>\nMIME-Version: 1.0\n\nGrüße\n.\nEnde\n\n",
    },
    Caller {
        name: "Symfony with -t: dots doubled, and no end of the last line",
        says: "-fSmith@Alpha.ARPA -- Jones@Beta.ARPA Green@Beta.ARPA",
        writes: "From: Smith@Alpha.ARPA\r\nTo: Jones@Beta.ARPA\r\nSubject: hi\r\nMIME-Version: 1.0\r\n\
                 Date: Mon, 02 Nov 1981 14:37:00 +0000\r\nMessage-ID: <aB@alpha.arpa>\r\n\r\n\
                 Gr=C3=BC=C3=9Fe\r\n..\r\nEnde",
        sender: "Smith@Alpha.ARPA",
        recipients: "Jones@Beta.ARPA Green@Beta.ARPA",
        queued: "From: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA\nSubject: hi\nMIME-Version: 1.0\n\
                 Date: Mon, 02 Nov 1981 14:37:00 +0000\nMessage-ID: <aB@alpha.arpa>\n\n\
                 Gr=C3=BC=C3=9Fe\n..\nEnde\n",
    },
    Caller {
        name: "nodemailer: a header in CRLF, a text in LF, and Bcc",
        says: "-i -f Smith@Alpha.ARPA Jones@Beta.ARPA Green@Beta.ARPA",
        writes: "From: Smith@Alpha.ARPA\r\nTo: Jones@Beta.ARPA\r\nBcc: Green@Beta.ARPA\r\n\
                 Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\nMessage-ID: <aB@alpha.arpa>\r\n\
                 Date: Mon, 02 Nov 1981 14:37:00 +0000\r\nMIME-Version: 1.0\r\n\r\nGrüße\n.\nEnde\n",
        sender: "Smith@Alpha.ARPA",
        recipients: "Jones@Beta.ARPA Green@Beta.ARPA",
        queued: "From: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA\nSubject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\n\
                 Message-ID: <aB@alpha.arpa>\nDate: Mon, 02 Nov 1981 14:37:00 +0000\nMIME-Version: 1.0\n\n\
                 Grüße\n.\nEnde\n",
    },
    Caller {
        name: "mail of Ruby",
        says: "-i -f Smith@Alpha.ARPA -- Jones@Beta.ARPA Green@Beta.ARPA",
        writes: "Date: Mon, 02 Nov 1981 14:37:00 +0000\r\nFrom: Smith@Alpha.ARPA\r\nTo: Jones@Beta.ARPA\r\n\
                 Message-ID: <aB@vm.mail>\r\nMIME-Version: 1.0\r\n\r\nGrüße\r\n.\r\nEnde\r\n",
        sender: "Smith@Alpha.ARPA",
        recipients: "Jones@Beta.ARPA Green@Beta.ARPA",
        queued: "Date: Mon, 02 Nov 1981 14:37:00 +0000\nFrom: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA\n\
                 Message-ID: <aB@vm.mail>\nMIME-Version: 1.0\n\nGrüße\n.\nEnde\n",
    },
    Caller {
        name: "MIME::Lite",
        says: "-t -oi -oem -fSmith@Alpha.ARPA",
        writes: "MIME-Version: 1.0\nContent-Transfer-Encoding: 8bit\nContent-Type: text/plain\n\
                 X-Mailer: MIME::Lite 3.033\nDate: Mon, 02 Nov 1981 14:37:00 +0000\nFrom: Smith@Alpha.ARPA\n\
                 To: Jones@Beta.ARPA\nBcc: Green@Beta.ARPA\nSubject: hi\n\nGrüße\n.\nEnde\n",
        sender: "Smith@Alpha.ARPA",
        recipients: "Jones@Beta.ARPA Green@Beta.ARPA",
        queued: "Message-ID: <NEW@Alpha.ARPA>\nMIME-Version: 1.0\nContent-Transfer-Encoding: 8bit\n\
                 Content-Type: text/plain\nX-Mailer: MIME::Lite 3.033\n\
                 Date: Mon, 02 Nov 1981 14:37:00 +0000\nFrom: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA\n\
                 Subject: hi\n\nGrüße\n.\nEnde\n",
    },
    Caller {
        name: "Email::Sender of old, without -i",
        says: "-f Smith@Alpha.ARPA Jones@Beta.ARPA Green@Beta.ARPA",
        writes: "From: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA\nSubject: hi\n\nGrüße\n.\nEnde\n",
        sender: "Smith@Alpha.ARPA",
        recipients: "Jones@Beta.ARPA Green@Beta.ARPA",
        queued: "Date: NEW\nMessage-ID: <NEW@Alpha.ARPA>\nFrom: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA\n\
                 Subject: hi\n\nGrüße\n",
    },
    Caller {
        name: "mime-construct",
        says: "-oi root",
        writes: "To: root\nSubject: logcheck\nMIME-Version: 1.0\n\nGrüße\n.\nEnde\n",
        sender: "USER@alpha.arpa",
        recipients: "root@alpha.arpa",
        queued: "Date: NEW\nFrom: <USER@alpha.arpa>\nMessage-ID: <NEW@alpha.arpa>\nTo: root@alpha.arpa\n\
                 Subject: logcheck\nMIME-Version: 1.0\n\nGrüße\n.\nEnde\n",
    },
    Caller {
        name: "logwatch, without -i",
        says: "-t",
        writes: "To: root\nFrom: root\nSubject: Logwatch for vm (Linux)\nPrecedence: bulk\n\
                 Content-Type: text/plain; charset=\"utf-8\"\n\nGrüße\n.\nEnde\n",
        sender: "USER@alpha.arpa",
        recipients: "root@alpha.arpa",
        queued: "Date: NEW\nMessage-ID: <NEW@alpha.arpa>\nTo: root@alpha.arpa\nFrom: root@alpha.arpa\n\
                 Subject: Logwatch for vm (Linux)\nPrecedence: bulk\n\
                 Content-Type: text/plain; charset=\"utf-8\"\n\nGrüße\n",
    },
    Caller {
        name: "mdadm",
        says: "-t",
        writes: "From: mdadm monitoring <root>\nTo: root\nSubject: Fail event on /dev/md/0:vm\n\nGrüße\n.\nEnde\n",
        sender: "USER@alpha.arpa",
        recipients: "root@alpha.arpa",
        queued: "Date: NEW\nMessage-ID: <NEW@alpha.arpa>\nFrom: mdadm monitoring <root@alpha.arpa>\n\
                 To: root@alpha.arpa\nSubject: Fail event on /dev/md/0:vm\n\nGrüße\n",
    },
    Caller {
        name: "arpwatch",
        says: "-odi root",
        writes: "From: arpwatch (Arpwatch vm)\nTo: root\nSubject: new station (vm) eth0\n\nGrüße\n.\nEnde\n",
        sender: "USER@alpha.arpa",
        recipients: "root@alpha.arpa",
        queued: "Date: NEW\nMessage-ID: <NEW@alpha.arpa>\nFrom: arpwatch@alpha.arpa (Arpwatch vm)\n\
                 To: root@alpha.arpa\nSubject: new station (vm) eth0\n\nGrüße\n",
    },
    Caller {
        name: "fail2ban, with names alone",
        says: "-f fail2ban root",
        writes: "Subject: [Fail2Ban] sshd: banned 192.0.2.1 from vm\nDate: Mon, 02 Nov 1981 14:37:00 +0000\n\
                 From: Fail2Ban <fail2ban>\nTo: root\n\nGrüße,\n\nFail2Ban\n.\nEnde\n",
        sender: "fail2ban@alpha.arpa",
        recipients: "root@alpha.arpa",
        queued: "Message-ID: <NEW@alpha.arpa>\nSubject: [Fail2Ban] sshd: banned 192.0.2.1 from vm\n\
                 Date: Mon, 02 Nov 1981 14:37:00 +0000\nFrom: Fail2Ban <fail2ban@alpha.arpa>\n\
                 To: root@alpha.arpa\n\nGrüße,\n\nFail2Ban\n",
    },
    Caller {
        name: "Mercurial, without -i",
        says: "-f Smith@Alpha.ARPA Jones@Beta.ARPA Green@Beta.ARPA",
        writes: "Content-Type: text/plain; charset=\"utf-8\"\nMIME-Version: 1.0\n\
                 Content-Transfer-Encoding: 8bit\nSubject: [PATCH] hi\nMessage-Id: <aB.1@vm>\n\
                 Date: Mon, 02 Nov 1981 14:37:00 +0000\nFrom: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA\n\n\
                 Grüße\n.\nEnde\n",
        sender: "Smith@Alpha.ARPA",
        recipients: "Jones@Beta.ARPA Green@Beta.ARPA",
        queued: "Content-Type: text/plain; charset=\"utf-8\"\nMIME-Version: 1.0\n\
                 Content-Transfer-Encoding: 8bit\nSubject: [PATCH] hi\nMessage-Id: <aB.1@vm>\n\
                 Date: Mon, 02 Nov 1981 14:37:00 +0000\nFrom: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA\n\n\
                 Grüße\n",
    },
    Caller {
        name: "Emacs",
        says: "-oi -oep -odi -t",
        writes: "From: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA\nBCC: Green@Beta.ARPA,\n Brown@Beta.ARPA\n\
                 Subject: hi\nDate: Mon, 02 Nov 1981 14:37:00 +0000\nMessage-ID: <87aB.fsf@vm>\n\nGrüße\n.\nEnde\n",
        sender: "USER@alpha.arpa",
        recipients: "Jones@Beta.ARPA Green@Beta.ARPA Brown@Beta.ARPA",
        queued: "From: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA\nSubject: hi\n\
                 Date: Mon, 02 Nov 1981 14:37:00 +0000\nMessage-ID: <87aB.fsf@vm>\n\nGrüße\n.\nEnde\n",
    },
    Caller {
        name: "RT, with the null sender for a notice",
        says: "-oi -ODeliveryMode=b -OErrorMode=m -t -f <>",
        writes: "From: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA\nBcc: Green@Beta.ARPA\nSubject: hi\n\n\
                 Grüße\n.\nEnde\n",
        sender: "",
        recipients: "Jones@Beta.ARPA Green@Beta.ARPA",
        queued: "Date: NEW\nMessage-ID: <NEW@Alpha.ARPA>\nFrom: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA\n\
                 Subject: hi\n\nGrüße\n.\nEnde\n",
    },
    Caller {
        name: "a filter that hands on a message of an mbox file",
        says: "-oi -f Smith@Alpha.ARPA Jones@Beta.ARPA",
        writes: "From Smith@Alpha.ARPA Mon Nov  2 14:37:00 1981\nFrom: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA\n\n\
                 Grüße\n.\n>From here on\n",
        sender: "Smith@Alpha.ARPA",
        recipients: "Jones@Beta.ARPA",
        queued: "Date: NEW\nMessage-ID: <NEW@Alpha.ARPA>\nFrom: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA\n\n\
                 Grüße\n.\n>From here on\n",
    },
    Caller {
        name: "a script that pipes a text, without a header",
        says: "Jones@Beta.ARPA",
        writes: "Grüße\n\n10%\r50%\rdone\u{0}\n.\nEnde\n",
        sender: "USER@alpha.arpa",
        recipients: "Jones@Beta.ARPA",
        queued: "Date: NEW\nFrom: <USER@alpha.arpa>\nMessage-ID: <NEW@alpha.arpa>\n\n\
                 Grüße\n\n10%\n50%\ndone\n",
    },
];

#[test]
fn what_callers_hand_over_is_queued_and_they_hear_nothing() {
    let user = user();
    for caller in CALLERS {
        let queued = sendmail(caller.says).stdin(caller.writes).queues(0).queued();
        let filled = |text: &str| text.replace("USER", &user);
        let is = (queued.sender, queued.recipients.join(" "), queued.content);
        let wanted = (filled(caller.sender), caller.recipients.to_owned(), filled(caller.queued));
        assert_eq!(is, wanted, "{}", caller.name);
        assert_eq!(queued.json["account"], "work", "{}", caller.name);
    }
}
