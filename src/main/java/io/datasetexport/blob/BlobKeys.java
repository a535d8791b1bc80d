package io.datasetexport.blob;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Names of blobs: 32 hexadecimal digits at random. No name that a user gave is ever part of one. */
public final class BlobKeys {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{32}");

    private BlobKeys() {}

    /** A key that no blob has. */
    public static String fresh() {
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** @throws BlobBroken when the key is none of ours, whoever wrote it to the database */
    static String require(String key) throws BlobBroken {
        if (!SHAPE.matcher(key).matches()) {
            throw new BlobBroken("under a foreign key", "was not looked for");
        }
        return key;
    }
}
