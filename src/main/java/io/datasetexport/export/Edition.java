package io.datasetexport.export;

import io.datasetexport.archive.DeflateCodec;
import org.springframework.boot.info.BuildProperties;
import org.springframework.stereotype.Component;

/** What of this service decides an archive's bytes, beside the request and the rows: its version, its compressor and some of its settings. */
@Component
final class Edition {

    private final String program;
    private final String key;

    Edition(ExportSettings settings, Limits limits, BuildProperties build) {
        program = build.getArtifact() + " " + build.getVersion();
        key = String.join(
                "\n",
                program,
                DeflateCodec.name(),
                String.valueOf(settings.baseUrl()),
                Long.toString(settings.pictureMemory().toBytes()),
                Long.toString(limits.annotation().toBytes()));
    }

    /** Name and version. */
    String program() {
        return program;
    }

    /** Equal where the same rows make the same bytes. */
    String key() {
        return key;
    }
}
