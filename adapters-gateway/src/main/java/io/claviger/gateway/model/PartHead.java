package io.claviger.gateway.model;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The head of a part of a form. The gateway accepts the head only in the form that clients usually
 * send.
 *
 * @param name the name of the form field
 * @param isPlainText whether the content is a text, not a file
 * @param isLatin whether the text is in ISO 8859-1, whose first 128 characters are those of UTF-8
 * @param isFile whether the head contains a file name
 */
record PartHead(String name, boolean isPlainText, boolean isLatin, boolean isFile) {
  private static final Pattern LINE = Pattern.compile("([A-Za-z-]+): ?([\\x20-\\xff&&[^\\x7f]]*)");

  /**
   * Names can be without quotes, because .NET writes quotes only around names that need them. Pekko
   * and Akka write the file's name before the field's name. If the file's name comes first, it must
   * have an extension, as in {@code a.pdf}, because a careless parser could take the file's name
   * for the field's name.
   */
  private static final Pattern DISPOSITION =
      Pattern.compile(
          "(?i:form-data)"
              + "(; ?(?i:filename)=(?:\"[^\"\\\\]*\\.[A-Za-z0-9]{1,8}\""
              + "|[A-Za-z0-9!#$&'*+.^_`|~-]*\\.[A-Za-z0-9]{1,8}))?"
              + "; ?(?i:name)="
              + "(?:\"([\\x20-\\x7e&&[^\"\\\\%]]{1,200})\"|([A-Za-z0-9_.-]{1,200}))"
              + "(; ?(?i:filename)=(?:\"[^\"\\\\]*\"|[A-Za-z0-9!#$&'*+.^_`|~-]+))?"
              + "(; ?(?i:filename)\\*=[^;\" ]+)?");

  private static final Pattern TEXT =
      Pattern.compile("(?i)text/plain(?:; ?charset=\"?(?:utf-8|us-ascii|(iso-8859-1))\"?)?");
  private static final Pattern ENDS_BASE = Pattern.compile("[\\[.\\]]");
  private static final Pattern BETWEEN = Pattern.compile("[\\[.\\]]+");
  private static final Set<String> AS_IT_IS = Set.of("7bit", "8bit", "binary");

  /**
   * @throws MalformedBody if parsers might understand the head differently
   */
  static PartHead of(String head) {
    Optional<Matcher> disposition = Optional.empty();
    Optional<String> type = Optional.empty();
    for (String line : head.split("\r\n", -1)) {
      Matcher field = LINE.matcher(line);
      MultipartReader.demand(field.matches());
      String value = field.group(2).strip();
      switch (field.group(1).toLowerCase(Locale.ROOT)) {
        case "content-disposition" -> {
          MultipartReader.demand(disposition.isEmpty());
          disposition = Optional.of(DISPOSITION.matcher(value));
        }
        case "content-type" -> {
          MultipartReader.demand(type.isEmpty());
          type = Optional.of(value);
        }
        case "content-transfer-encoding" ->
            MultipartReader.demand(AS_IT_IS.contains(value.toLowerCase(Locale.ROOT)));
        case "content-length" -> {}
        default -> throw new MalformedBody("has a part with a header that is not known");
      }
    }
    MultipartReader.demand(disposition.isPresent() && disposition.get().matches());
    Matcher found = disposition.get();
    String name = found.group(2) == null ? found.group(3) : found.group(2);
    boolean namesFileFirst = found.group(1) != null;
    MultipartReader.demand(!name.equals("_charset_"));
    MultipartReader.demand(!namesFileFirst || found.group(4) == null);
    boolean file = namesFileFirst || found.group(4) != null || found.group(5) != null;
    if (file || type.isEmpty()) {
      return new PartHead(name, !file, false, file);
    }
    Matcher text = TEXT.matcher(type.get());
    boolean plain = text.matches();
    return new PartHead(name, plain, plain && text.group(1) != null, false);
  }

  /**
   * Returns the name as lenient parsers might understand it: {@code Model[0]} might set {@code
   * model}.
   */
  String baseName() {
    return baseName(name);
  }

  static String baseName(String name) {
    return ENDS_BASE.split(name.toLowerCase(Locale.ROOT).strip(), 2)[0].strip();
  }

  /**
   * Returns the segments of a field name such as {@code a[b].c} as lenient parsers might understand
   * them, in lower case and without underscores.
   */
  List<String> segments() {
    return segments(name);
  }

  /** Returns the segments of any field name, in the same form as {@link #segments()}. */
  static List<String> segments(String name) {
    return Stream.of(BETWEEN.split(name.toLowerCase(Locale.ROOT)))
        .map(segment -> segment.strip().replace("_", ""))
        .filter(segment -> !segment.isEmpty())
        .toList();
  }
}
