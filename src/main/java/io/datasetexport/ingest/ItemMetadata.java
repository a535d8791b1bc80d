package io.datasetexport.ingest;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Sees whether an item's metadata make it a link to a file elsewhere, and refuses numbers that {@code jsonb} would write out in hundreds of
 * digits: it keeps every number exactly and spells none with an exponent.
 */
final class ItemMetadata implements JsonCopier.Observer {

    private static final int LARGEST_EXPONENT = 400;

    private boolean system;
    private boolean shebang;
    private boolean link;

    void reset() {
        system = false;
        shebang = false;
        link = false;
    }

    /** Whether there is a {@code system.shebang.linkInfo}. */
    boolean link() {
        return link;
    }

    @Override
    public void token(JsonToken token, JsonParser in, int depth) {
        if (token == JsonToken.PROPERTY_NAME) {
            switch (depth) {
                case 1 -> system = "system".equals(in.currentName());
                case 2 -> shebang = system && "shebang".equals(in.currentName());
                case 3 -> link |= shebang && "linkInfo".equals(in.currentName());
                default -> {}
            }
            return;
        }
        if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
            return;
        }
        char[] text = in.getStringCharacters();
        int end = in.getStringOffset() + in.getStringLength();
        for (int i = in.getStringOffset(); i < end; i++) {
            if (text[i] == 'e' || text[i] == 'E') {
                check(text, i + 1, end);
                return;
            }
        }
    }

    private static void check(char[] text, int from, int end) {
        int exponent = 0;
        for (int i = from; i < end; i++) {
            if (text[i] >= '0' && text[i] <= '9') {
                exponent = exponent * 10 + text[i] - '0';
                if (exponent > LARGEST_EXPONENT) {
                    throw new BadRecord("The number's exponent is beyond " + LARGEST_EXPONENT + ".");
                }
            }
        }
    }
}
