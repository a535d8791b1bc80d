package io.datasetexport;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What may stand in no log, no problem and no metric: tokens and secrets, SQL, and where on the disk a file is. */
public final class Leaks {

    private static final Pattern TOKEN = Pattern.compile("dx[pl]_[A-Za-z0-9_-]{8}|eyJ[A-Za-z0-9_-]{10}|(?i:bearer) [A-Za-z0-9._-]{8}");
    private static final Pattern SQL = Pattern.compile("(?i)\\b(select .+ from|insert into|update .+ set|delete from) ");
    private static final Pattern PLACE = Pattern.compile(Stream.of("user.dir", "user.home", "java.io.tmpdir")
            .map(System::getProperty)
            .filter(folder -> folder.length() > 1)
            .map(folder -> Pattern.quote(folder.replaceFirst("/$", "")) + "(?![\\w.-])\\S*")
            .collect(Collectors.joining("|")));

    /** All that says where something is: to whoever starts the service, and to nobody else. */
    private static final List<Pattern> ALLOWED = Stream.of(
            // Spring Boot's first line.
            "Starting \\S+ (v\\S+ )?using Java \\S+ with PID \\d+ \\(.*\\)",
            // Which database it uses, when nobody said which.
            "No spring\\.datasource\\.url is set: using the embedded PostgreSQL in .+ at jdbc:\\S+",
            "Stopping the PostgreSQL \\(process \\d+\\) that a killed run left behind in .+",
            "The embedded PostgreSQL in .+ did not stop; the next start will see to it",
            // The log of a bug has the bug's own words: ProblemAdviceIT throws this one.
            "secret select \\* from dataset")
            .map(Pattern::compile)
            .toList();

    private static final Set<String> SECRETS = ConcurrentHashMap.newKeySet();

    private Leaks() {}

    /** Makes a text one that may stand nowhere. */
    public static void keep(String secret) {
        SECRETS.add(secret);
    }

    /** What a text should not have; nothing, when all is well. */
    public static List<String> in(String text) {
        String rest = text;
        for (Pattern allowed : ALLOWED) {
            rest = allowed.matcher(rest).replaceAll("");
        }
        String checked = rest;
        return Stream.concat(
                SECRETS.stream().filter(checked::contains),
                Stream.of(TOKEN, SQL, PLACE).flatMap(pattern -> pattern.matcher(checked).results().map(MatchResult::group))).toList();
    }
}
