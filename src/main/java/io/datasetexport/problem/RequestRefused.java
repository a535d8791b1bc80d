package io.datasetexport.problem;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request can't be served as it is; said before the first byte of the answer.
 *
 * <p>The message is one human sentence; it holds no class name, SQL or path of the server.
 */
public final class RequestRefused extends RuntimeException {

    private final ProblemType type;
    private final String sentence;
    private final @Nullable String pointer;
    private final Map<String, Object> members = new LinkedHashMap<>();

    public RequestRefused(ProblemType type, String sentence) {
        this(type, sentence, null);
    }

    /** @param pointer JSON pointer into the body, or the name of a parameter */
    public RequestRefused(ProblemType type, String sentence, @Nullable String pointer) {
        super(sentence, null, false, false);
        this.type = type;
        this.sentence = sentence;
        this.pointer = pointer;
    }

    /** Adds a member to the problem document. */
    public RequestRefused with(String member, Object value) {
        members.put(member, value);
        return this;
    }

    /** The same refusal, with another place. */
    public RequestRefused at(String place) {
        RequestRefused refused = new RequestRefused(type, sentence, place);
        refused.members.putAll(members);
        return refused;
    }

    @Override
    public String getMessage() {
        return sentence;
    }

    public ProblemType type() {
        return type;
    }

    public @Nullable String pointer() {
        return pointer;
    }

    public Map<String, Object> members() {
        return members;
    }
}
