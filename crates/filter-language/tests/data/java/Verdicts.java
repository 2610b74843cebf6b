import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.regex.*;

/**
 * Records whether java.util.regex compiles patterns (JSON strings, the last column of a file), in place:
 * java Verdicts.java verdicts.txt
 */
public class Verdicts {
    public static void main(String[] args) throws Exception {
        StringBuilder out = new StringBuilder();
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            String text = line.substring(line.indexOf('"'));
            out.append(compiles(unquoted(text)) ? "compiles " : "refused  ").append(text).append('\n');
        }
        Files.write(Path.of(args[0]), out.toString().getBytes(StandardCharsets.UTF_8));
    }

    static boolean compiles(String text) {
        try {
            Pattern.compile(text);
            return true;
        } catch (PatternSyntaxException refused) {
            return false;
        }
    }

    /** The value of a JSON string. */
    static String unquoted(String text) {
        StringBuilder value = new StringBuilder();
        for (int at = 1; at < text.length() - 1; at++) {
            char ch = text.charAt(at);
            if (ch != '\\') {
                value.append(ch);
                continue;
            }
            char escaped = text.charAt(++at);
            switch (escaped) {
                case 'n' -> value.append('\n');
                case 't' -> value.append('\t');
                case 'r' -> value.append('\r');
                case 'b' -> value.append('\b');
                case 'f' -> value.append('\f');
                case 'u' -> {
                    value.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
                    at += 4;
                }
                default -> value.append(escaped);
            }
        }
        return value.toString();
    }
}
