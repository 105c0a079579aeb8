package io.claviger.application.search.port;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A search by name.
 *
 * @param owner the owner's handle, if the text has the form {@code owner/handle}; otherwise empty
 * @param prefix the beginning of the handle; empty if no handle can begin with the text
 * @param words the beginnings of up to {@value #MOST_WORDS} words of the name, in lower case, with
 *     letters and digits only; empty if the text names an owner
 */
public record NameQuery(Optional<String> owner, Optional<String> prefix, List<String> words) {
  /**
   * The maximum number of characters that are used. All further characters of the text are ignored.
   */
  public static final int LONGEST = 100;

  private static final int MOST_WORDS = 5;
  private static final int FEWEST_CHARACTERS = 2;

  private static final String HANDLE = "[a-z0-9][a-z0-9._-]{0,63}";
  private static final Pattern BEGINNING = Pattern.compile(HANDLE);
  private static final Pattern OWNED =
      Pattern.compile("(%s|_system)/(%s)?".formatted(HANDLE, HANDLE));
  private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}\\p{M}]+");

  public NameQuery {
    words = List.copyOf(words);
  }

  /**
   * Parses a text that somebody typed, which can have any length and content.
   *
   * @return the query; empty if the text has fewer than {@value #FEWEST_CHARACTERS} letters and
   *     digits
   */
  public static Optional<NameQuery> of(String typed) {
    String text =
        typed.substring(0, Math.min(typed.length(), LONGEST)).strip().toLowerCase(Locale.ROOT);
    String name = text.startsWith("@") ? text.substring(1) : text;
    Matcher owned = OWNED.matcher(name);
    if (owned.matches()) {
      return Optional.of(
          new NameQuery(
              Optional.of(owned.group(1)),
              Optional.of(Optional.ofNullable(owned.group(2)).orElse("")),
              List.of()));
    }
    List<String> words =
        Arrays.stream(BETWEEN_WORDS.split(name))
            .filter(word -> !word.isEmpty())
            .limit(MOST_WORDS)
            .toList();
    int characters = words.stream().mapToInt(String::length).sum();
    return characters < FEWEST_CHARACTERS
        ? Optional.empty()
        : Optional.of(
            new NameQuery(
                Optional.empty(),
                Optional.of(name).filter(s -> BEGINNING.matcher(s).matches()),
                words));
  }
}
