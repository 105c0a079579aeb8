package io.claviger.domain.objects;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recognises the ids of provider objects by their form, so that a request can't refer to an object
 * in a member that nobody knows yet. White space around an id does not hide it.
 */
public final class IdForm {
  /** Ids that consist of a prefix and at least 16 letters and digits, with a digit among them. */
  public static final IdForm PREFIXED = new IdForm(IdForm::prefixed);

  /**
   * Names of Gemini's resources, alone or as the end of a URL of Google's, and locations in its
   * storage.
   */
  public static final IdForm RESOURCE = new IdForm(IdForm::resource);

  /** Ids without a form. They are recognised in known places only. */
  public static final IdForm NONE = new IdForm(text -> Optional.empty());

  /** The shortest text that has one of the forms. */
  private static final int SHORTEST = "gs://".length();

  private static final int FEWEST_AFTER_PREFIX = 16;
  private static final int SHORTEST_PREFIXED = "vs_".length() + FEWEST_AFTER_PREFIX;

  private static final Map<String, ObjectKind> PREFIXES =
      Map.ofEntries(
          Map.entry("resp_", ObjectKind.RESPONSES),
          Map.entry("conv_", ObjectKind.CONVERSATIONS),
          Map.entry("file-", ObjectKind.FILES),
          Map.entry("file_", ObjectKind.FILES),
          Map.entry("vs_", ObjectKind.VECTOR_STORES),
          Map.entry("batch_", ObjectKind.BATCHES),
          Map.entry("msgbatch_", ObjectKind.BATCHES),
          Map.entry("cntr_", ObjectKind.CONTAINERS),
          Map.entry("container_", ObjectKind.CONTAINERS),
          Map.entry("upload_", ObjectKind.FILES),
          Map.entry("pmpt_", ObjectKind.PROMPTS),
          Map.entry("audio_", ObjectKind.RESPONSES),
          Map.entry("skill_", ObjectKind.OTHER),
          Map.entry("cfile_", ObjectKind.CONTAINERS),
          Map.entry("part_", ObjectKind.FILES),
          Map.entry("vsfb_", ObjectKind.VECTOR_STORES),
          Map.entry("chatcmpl-", ObjectKind.RESPONSES),
          Map.entry("ftjob-", ObjectKind.OTHER));

  private static final int LONGEST_PREFIX = "container_".length();

  /** The beginning of the names of Mistral's agents, which a request names as its model. */
  private static final String AGENT = "ag:";

  private static final Pattern RESOURCE_NAME =
      Pattern.compile(
          "(?:https?://(?:[^/@]*@)?[a-z0-9.-]*googleapis\\.com(?::\\d+)?/(?:[^?#]*/)?"
              + "|/?(?:v\\d[a-z0-9]*/)?(?:projects/[^?#]*/)?)"
              + "(files|cachedContents|batches)/[a-z0-9-]{1,40}(?:[:?#].*)?",
          Pattern.CASE_INSENSITIVE);

  private final Function<CharSequence, Optional<ObjectKind>> find;

  private IdForm(Function<CharSequence, Optional<ObjectKind>> find) {
    this.find = find;
  }

  /**
   * The kind of the object whose id a text is; empty if the text has no form of an id.
   *
   * @param text a whole string, or the first 256 characters of a longer one
   */
  public Optional<ObjectKind> kindOf(CharSequence text) {
    return text.length() < SHORTEST ? Optional.empty() : find.apply(text);
  }

  private static Optional<ObjectKind> prefixed(CharSequence text) {
    int from = 0;
    int to = text.length();
    while (from < to && text.charAt(from) <= ' ') {
      from++;
    }
    while (to > from && text.charAt(to - 1) <= ' ') {
      to--;
    }
    if (startsWith(text, AGENT, from)) {
      return Optional.of(ObjectKind.OTHER);
    }
    if (to - from < SHORTEST_PREFIXED) {
      return Optional.empty();
    }
    int digits = 0;
    int rest = to;
    while (rest > from && isLetterOrDigit(text.charAt(rest - 1))) {
      rest--;
      digits += text.charAt(rest) <= '9' ? 1 : 0;
    }
    if (to - rest < FEWEST_AFTER_PREFIX || digits == 0 || rest - from > LONGEST_PREFIX) {
      return Optional.empty();
    }
    return Optional.ofNullable(PREFIXES.get(text.subSequence(from, rest).toString()));
  }

  private static boolean startsWith(CharSequence text, String beginning, int from) {
    for (int i = 0; i < beginning.length(); i++) {
      if (from + i >= text.length() || text.charAt(from + i) != beginning.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetterOrDigit(char each) {
    return (each >= 'a' && each <= 'z')
        || (each >= 'A' && each <= 'Z')
        || (each >= '0' && each <= '9');
  }

  private static Optional<ObjectKind> resource(CharSequence text) {
    String whole = text.toString().strip();
    if (whole.startsWith("gs://")) {
      return Optional.of(ObjectKind.OTHER);
    }
    if (whole.indexOf('/') < 0) {
      return Optional.empty();
    }
    Matcher name = RESOURCE_NAME.matcher(whole);
    if (!name.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (Character.toLowerCase(name.group(1).charAt(0))) {
          case 'f' -> ObjectKind.FILES;
          case 'c' -> ObjectKind.CACHES;
          default -> ObjectKind.BATCHES;
        });
  }
}
