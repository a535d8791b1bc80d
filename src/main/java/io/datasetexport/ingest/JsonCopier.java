package io.datasetexport.ingest;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Copies one JSON value from a parser without white space; numbers keep their spelling: {@code 1}, {@code 1.0} and {@code 1e0} differ. */
final class JsonCopier {

    /** Looks at what is being copied. */
    interface Observer {

        /** @param depth arrays and objects around the token, 0 for the value itself */
        void token(JsonToken token, JsonParser in, int depth);
    }

    private JsonCopier() {}

    /** Copies the value whose first token is the parser's current one. */
    static void copy(JsonParser in, RowBuffer out, @Nullable Observer observer) {
        int start = out.length();
        int depth = 0;
        JsonToken token = in.currentToken();
        while (true) {
            if (observer != null) {
                observer.token(token, in, token.isStructEnd() ? depth - 1 : depth);
            }
            if (!token.isStructEnd() && out.length() > start) {
                byte last = out.array()[out.length() - 1];
                if (last != '[' && last != '{' && last != ':') {
                    out.ascii(',');
                }
            }
            switch (token) {
                case START_OBJECT, START_ARRAY -> {
                    out.ascii(token == JsonToken.START_OBJECT ? '{' : '[');
                    depth++;
                }
                case END_OBJECT, END_ARRAY -> {
                    out.ascii(token == JsonToken.END_OBJECT ? '}' : ']');
                    depth--;
                }
                case PROPERTY_NAME -> {
                    out.jsonString(in.currentName());
                    out.ascii(':');
                }
                case VALUE_STRING -> out.jsonString(in.getStringCharacters(), in.getStringOffset(), in.getStringLength());
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                        out.ascii(in.getStringCharacters(), in.getStringOffset(), in.getStringLength());
                case VALUE_TRUE -> out.ascii("true");
                case VALUE_FALSE -> out.ascii("false");
                case VALUE_NULL -> out.ascii("null");
                case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> throw new IllegalStateException("A text parser gave " + token);
            }
            if (depth == 0) {
                return;
            }
            token = in.nextToken();
        }
    }
}
