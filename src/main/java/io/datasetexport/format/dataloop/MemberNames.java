package io.datasetexport.format.dataloop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of a JSON object's own members, found without parsing their values.
 *
 * <p>The text comes from a column that holds valid JSON. Names with escapes are not unescaped: none of the names that are asked for needs
 * one.
 */
final class MemberNames {

    private static final MemberNames NONE = new MemberNames(Set.of());

    private final Set<String> names;

    private MemberNames(Set<String> names) {
        this.names = names;
    }

    boolean has(String name) {
        return names.contains(name);
    }

    static MemberNames of(byte @Nullable [] object) {
        if (object == null) {
            return NONE;
        }
        Set<String> names = new HashSet<>();
        int depth = 0;
        boolean expectsName = false;
        for (int i = 0; i < object.length; i++) {
            switch (object[i]) {
                case '{', '[' -> expectsName = ++depth == 1;
                case '}', ']' -> depth--;
                case ',' -> expectsName = depth == 1;
                case '"' -> {
                    int start = i + 1;
                    i = endOfString(object, start);
                    if (expectsName) {
                        names.add(new String(object, start, i - start, UTF_8));
                        expectsName = false;
                    }
                }
                default -> {}
            }
        }
        return new MemberNames(names);
    }

    private static int endOfString(byte[] json, int from) {
        int i = from;
        while (json[i] != '"') {
            i += json[i] == '\\' ? 2 : 1;
        }
        return i;
    }
}
