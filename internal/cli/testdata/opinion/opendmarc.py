# What libopendmarc makes of mail by RFC 7489. On standard input, one a line: the domain of From, "mfrom" or "helo" with its
# domain and SPF result, then the signing domain and DKIM result of each signature, results being "pass" or "fail".
# On standard output, one a line: "pass", the policy for mail that fails, "absent" if there is no policy, or "error" with a
# number. The argument is the port of the resolver on loopback.
import ctypes
import socket
import struct
import sys
import tempfile

SUFFIXES = "/usr/share/publicsuffix/public_suffix_list.dat"
PATH_MAX, MAXNS = 4096, 3
OKAY, NO_RECORD, NXDOMAIN, ABSENT = 0, 9, 10, 14  # of dmarc.h
SAID = {ABSENT: "absent", 15: "pass", 16: "reject", 17: "quarantine", 18: "none"}
ORIGIN = {"mfrom": 1, "helo": 2}
OUTCOME = {"pass": 1, "fail": 2}


class Library(ctypes.Structure):  # OPENDMARC_LIB_T
    _fields_ = [
        ("tld_type", ctypes.c_int),
        ("tld_source_file", ctypes.c_char * PATH_MAX),
        ("nscount", ctypes.c_int),
        ("nsaddr_list", (ctypes.c_char * 16) * MAXNS),
    ]


def say(domain, scope, sender, result, *signatures):
    context = ctypes.c_void_p(lib.opendmarc_policy_connect_init(b"192.0.2.1", 4))
    try:
        status = lib.opendmarc_policy_store_from_domain(context, domain.encode())
        status = status or lib.opendmarc_policy_store_spf(context, sender.encode(), OUTCOME[result], ORIGIN[scope], None)
        for signer, verdict in zip(signatures[::2], signatures[1::2]):
            status = status or lib.opendmarc_policy_store_dkim(context, signer.encode(), b"s", OUTCOME[verdict], None)
        if status == OKAY:
            status = lib.opendmarc_policy_query_dmarc(context, domain.encode())
        if status in (NO_RECORD, NXDOMAIN):
            return SAID[ABSENT]
        if status == OKAY:
            status = lib.opendmarc_get_policy_to_enforce(context)
        return SAID.get(status) or "error%d" % status
    finally:
        lib.opendmarc_policy_connect_shutdown(context)


lib = ctypes.CDLL("libopendmarc.so.2")
lib.opendmarc_policy_connect_init.restype = ctypes.c_void_p
# A top-level domain that no rule of the list names is a suffix too, by its rule "*", which libopendmarc does not know.
with open(SUFFIXES, "rb") as known, tempfile.NamedTemporaryFile() as suffixes:
    suffixes.write(known.read() + b"\nexample\n")
    suffixes.flush()
    setup = Library(tld_type=1, tld_source_file=suffixes.name.encode(), nscount=1)
    server = struct.pack("=H", socket.AF_INET) + struct.pack("!H", int(sys.argv[1])) + socket.inet_aton("127.0.0.1")
    ctypes.memmove(setup.nsaddr_list, server, len(server))
    if status := lib.opendmarc_policy_library_init(ctypes.byref(setup)):
        sys.exit("libopendmarc: %d" % status)
for line in sys.stdin:
    print(say(*line.split()))
