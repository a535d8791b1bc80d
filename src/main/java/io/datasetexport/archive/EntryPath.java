package io.datasetexport.archive;

/** The last check before a name goes into an archive: whatever made it, a name that could leave the folder it is unpacked in is a bug. */
final class EntryPath {

    private static final int MAX_CHARS = 1300;

    private EntryPath() {}

    /**
     * Gives back a path that every reader unpacks below its own folder.
     *
     * @throws IllegalArgumentException for any other
     */
    static String check(String path) {
        int start = 0;
        for (int i = 0; i <= path.length(); i++) {
            char c = i < path.length() ? path.charAt(i) : '/';
            if (c == '/') {
                String segment = path.substring(start, i);
                if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                    throw refused();
                }
                start = i + 1;
            } else if (c < 0x20 || c == 0x7F || c == '\\' || c == ':') {
                throw refused();
            }
        }
        if (path.length() > MAX_CHARS) {
            throw refused();
        }
        return path;
    }

    private static IllegalArgumentException refused() {
        return new IllegalArgumentException("An entry's name is not safe");
    }
}
