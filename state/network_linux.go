package state

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// fuseNetworks are file systems in user space whose files live on another machine, as mountinfo names them.
const fuseNetworks = " fuse.sshfs fuse.rclone fuse.s3fs fuse.gcsfuse fuse.glusterfs fuse.davfs fuse.curlftpfs " +
	"fuse.ceph fuse.juicefs fuse.smbnetfs fuse.goofys virtiofs "

// OnNetwork tells whether path, or its directory when it does not exist yet, lies on a network file system, and names
// that. Locks and shared memory, which a ledger rests on, are often not kept between machines there. A path that
// cannot be asked counts as local.
func OnNetwork(path string) (fsName string, yes bool) {
	real, err := realPath(path)
	if err != nil {
		return "", false
	}
	var st unix.Statfs_t
	if unix.Statfs(real, &st) != nil {
		real = filepath.Dir(real)
		if unix.Statfs(real, &st) != nil {
			return "", false
		}
	}
	switch uint32(st.Type) { // the type's width and sign differ between machines
	case unix.NFS_SUPER_MAGIC:
		return "nfs", true
	case unix.SMB_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC:
		return "smb", true
	case unix.AFS_SUPER_MAGIC, unix.AFS_FS_MAGIC:
		return "afs", true
	case unix.CODA_SUPER_MAGIC:
		return "coda", true
	case unix.CEPH_SUPER_MAGIC:
		return "ceph", true
	case unix.V9FS_MAGIC:
		return "9p", true
	case unix.OCFS2_SUPER_MAGIC:
		return "ocfs2", true
	case unix.FUSE_SUPER_MAGIC:
		kind := mountKind(real)
		return kind, kind != "" && strings.Contains(fuseNetworks, " "+kind+" ")
	}
	return "", false
}

// mountKind gives the type of the file system that path lies on: that of the longest mount point above it.
func mountKind(path string) string {
	f, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return ""
	}
	defer f.Close()
	kind, longest := "", -1
	for lines := bufio.NewScanner(f); lines.Scan(); {
		// As proc(5) has it: the fifth field is the mount point, and the type follows a lone dash.
		before, after, ok := strings.Cut(lines.Text(), " - ")
		fields, rest := strings.Fields(before), strings.Fields(after)
		if !ok || len(fields) < 5 || len(rest) == 0 {
			continue
		}
		at := strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`).Replace(fields[4])
		if within(path, at) && len(at) > longest {
			kind, longest = rest[0], len(at)
		}
	}
	return kind
}

func within(path, dir string) bool {
	return dir == "/" || path == dir || strings.HasPrefix(path, dir+"/")
}
