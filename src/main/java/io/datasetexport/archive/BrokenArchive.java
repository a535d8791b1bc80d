package io.datasetexport.archive;

import java.io.IOException;

/** An archive can't be read: it was cut, is damaged, or uses what can't be read from a stream. The message is a sentence for its sender. */
public final class BrokenArchive extends IOException {

    BrokenArchive(String sentence) {
        super(sentence);
    }
}
