package io.claviger.web.docs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The documentation, as the build has generated it. It consists of an article for each page, and of
 * the sections in which a search looks. The guide is loaded into memory at the first request for
 * it, and occupies about three megabytes.
 */
final class Guide {
  /** The name of the guide's first page. */
  static final String FIRST = "readme";

  /**
   * The number of characters at the beginning of a question that are used for the search. If a
   * question is longer, the rest of it is ignored.
   */
  static final int MOST_LETTERS = 100;

  private static final int MOST_WORDS = 8;
  private static final int MOST_FOUND = 30;
  private static final int EXCERPT = 200;

  private static final String DIRECTORY = "/guide/";
  private static final Pattern HEADING =
      Pattern.compile("<h([1-6]) id=\"([^\"]*)\">(.*?)</h\\1>", Pattern.DOTALL);
  private static final Pattern TAG = Pattern.compile("<[^>]*>");
  private static final Pattern CONTENTS =
      Pattern.compile("<details class=\"contents\">.*?</details>", Pattern.DOTALL);

  /**
   * A page.
   *
   * @param article the HTML of the page, beginning with the first heading
   */
  record Page(String name, String title, String article) {
    String path() {
      return name.equals(FIRST) ? GuideRoutes.PATH : GuideRoutes.PATH + "/" + name;
    }
  }

  /**
   * A part of a page that follows a heading.
   *
   * @param text the text of the section, without markup
   * @param low the heading and the text of the section, in lower case
   */
  private record Section(Page page, String anchor, String heading, String text, String low) {}

  /**
   * A section that a search has found.
   *
   * @param words the words that were searched for, in lower case
   */
  record Found(Page page, String anchor, String heading, String excerpt, List<String> words) {
    String path() {
      return page.path() + "#" + anchor;
    }
  }

  /**
   * A group of links in the navigation: a heading, and the pages under the labels of their links.
   */
  record Group(String label, Map<String, Page> pages) {}

  private final Map<String, Page> pages = new LinkedHashMap<>();
  private final List<Group> groups = new ArrayList<>();
  private final List<Section> sections = new ArrayList<>();

  private Guide() {
    read("pages.txt")
        .lines()
        .map(line -> line.split("\t", 2))
        .map(
            line ->
                new Page(line[0], line[1], read("pages/" + line[0].replace('/', '+') + ".html")))
        .forEach(page -> pages.put(page.name(), page));
    pages.values().forEach(this::addSections);
    groups.add(new Group("", new LinkedHashMap<>()));
    for (String line : read("navigation.txt").lines().toList()) {
      String[] parts = line.split("\t", 2);
      if (parts.length == 1) {
        groups.add(new Group(line, new LinkedHashMap<>()));
      } else {
        groups.getLast().pages().put(parts[1], page(parts[0]).orElseThrow());
      }
    }
  }

  private static final class Made {
    private static final Guide GUIDE = new Guide();
  }

  /** Returns the guide. The first call loads the guide into memory. */
  static Guide made() {
    return Made.GUIDE;
  }

  Optional<Page> page(String name) {
    return Optional.ofNullable(pages.get(name));
  }

  List<Page> pages() {
    return List.copyOf(pages.values());
  }

  List<Group> groups() {
    return groups;
  }

  /** Returns a picture; empty if there is none with this name. */
  static Optional<byte[]> picture(String name) {
    if (!name.matches("[A-Za-z0-9-]{1,60}\\.(png|svg|gif|webp)")) {
      return Optional.empty();
    }
    try (InputStream in = Guide.class.getResourceAsStream(DIRECTORY + "pictures/" + name)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(String name) {
    try (InputStream in = Guide.class.getResourceAsStream(DIRECTORY + name)) {
      if (in == null) {
        throw new IllegalStateException("not on the class path: " + DIRECTORY + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void addSections(Page page) {
    String article = CONTENTS.matcher(page.article()).replaceFirst("");
    Matcher heading = HEADING.matcher(article);
    boolean more = heading.find();
    while (more) {
      String anchor = heading.group(2);
      String name = plain(heading.group(3));
      int begin = heading.end();
      more = heading.find();
      String text = plain(article.substring(begin, more ? heading.start() : article.length()));
      sections.add(
          new Section(page, anchor, name, text, (name + "\n" + text).toLowerCase(Locale.ROOT)));
    }
  }

  private static String plain(String html) {
    return TAG.matcher(html)
        .replaceAll(" ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
        .replaceAll("\\s+", " ")
        .strip();
  }

  /**
   * Finds at most {@value #MOST_FOUND} sections that contain all words of the question. Sections
   * that have the words in their heading or in the title of their page come first. After them come
   * the other sections; those in which the words occur most often are first.
   */
  List<Found> search(String question) {
    List<String> words = words(question);
    if (words.isEmpty()) {
      return List.of();
    }
    record Ranked(Section section, long points) {}
    return sections.stream()
        .map(section -> new Ranked(section, points(section, words)))
        .filter(ranked -> ranked.points() > 0)
        .sorted(Comparator.comparingLong(Ranked::points).reversed())
        .limit(MOST_FOUND)
        .map(ranked -> found(ranked.section(), words))
        .toList();
  }

  private static List<String> words(String question) {
    String asked = question.substring(0, Math.min(question.length(), MOST_LETTERS));
    return Arrays.stream(asked.toLowerCase(Locale.ROOT).split("[\\s\\p{Cntrl}]+"))
        .filter(word -> !word.isEmpty())
        .distinct()
        .limit(MOST_WORDS)
        .toList();
  }

  /**
   * Returns how well a section matches the words; 0 if at least one of the words does not occur in
   * the section.
   */
  private static long points(Section section, List<String> words) {
    String heading = section.heading().toLowerCase(Locale.ROOT);
    String title = section.page().title().toLowerCase(Locale.ROOT);
    long points = 0;
    for (String word : words) {
      int at = section.low().indexOf(word);
      boolean titled = title.contains(word);
      if (at < 0 && !titled) {
        return 0;
      }
      for (int times = 0; at >= 0 && times < 10; times++) {
        points++;
        at = section.low().indexOf(word, at + word.length());
      }
      points += heading.contains(word) ? 30 : 0;
      points += titled ? 20 : 0;
    }
    boolean diary =
        Stream.of("changelog", "lessons", "decisions/").anyMatch(section.page().name()::startsWith);
    return diary ? Math.max(1, points / 4) : points;
  }

  private static Found found(Section section, List<String> words) {
    String text = section.text();
    String low = text.toLowerCase(Locale.ROOT);
    int first = words.stream().mapToInt(low::indexOf).filter(at -> at >= 0).min().orElse(0);
    int begin = Math.clamp(first - EXCERPT / 3L, 0, text.length());
    int end = Math.min(text.length(), begin + EXCERPT);
    while (begin > 0 && begin < first && text.charAt(begin - 1) != ' ') {
      begin++;
    }
    while (end < text.length() && end > first && text.charAt(end) != ' ') {
      end--;
    }
    String excerpt =
        (begin > 0 ? "… " : "") + text.substring(begin, end) + (end < text.length() ? " …" : "");
    return new Found(section.page(), section.anchor(), section.heading(), excerpt, words);
  }
}
