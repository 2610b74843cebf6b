import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import java.util.regex.*;

/**
 * Records what java.util.regex says of patterns (the first column of a file) and names (the lines of another):
 * java Oracle.java memberships.txt names.txt
 */
public class Oracle {
    public static void main(String[] args) throws Exception {
        List<String> names = Files.readAllLines(Path.of(args[1]));
        StringBuilder out = new StringBuilder();
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            String text = line.split("\t", 2)[0];
            out.append(text).append('\t');
            try {
                Pattern pattern = Pattern.compile(text);
                BitSet whole = new BitSet(), search = new BitSet();
                for (int i = 0; i < names.size(); i++) {
                    whole.set(i, pattern.matcher(names.get(i)).matches());
                    search.set(i, pattern.matcher(names.get(i)).find());
                }
                out.append(runs(whole, names.size())).append('\t').append(runs(search, names.size()));
            } catch (PatternSyntaxException refused) {
                out.append("refused");
            }
            out.append('\n');
        }
        System.out.write(out.toString().getBytes(StandardCharsets.UTF_8));
        System.out.flush();
    }

    /** Lengths of the runs of equal bits, the first of them zeros, in base 36. */
    static String runs(BitSet bits, int length) {
        StringJoiner runs = new StringJoiner(" ");
        boolean bit = false;
        for (int start = 0; start < length; bit = !bit) {
            int next = bit ? bits.nextClearBit(start) : bits.nextSetBit(start);
            int end = next < 0 ? length : Math.min(next, length);
            runs.add(Integer.toString(end - start, 36));
            start = end;
        }
        return runs.toString();
    }
}
