import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableBody;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Generates the HTML pages of the guide from the Markdown of the documentation: {@code RenderGuide
 * ROOT DIRECTORY}. The build runs this program. Nothing is written if the documentation has not
 * changed.
 *
 * <p>The program writes an article {@code pages/NAME.html} into DIRECTORY for each page, and copies
 * the pictures into DIRECTORY. The file {@code pages.txt} gets a line for each page, with the
 * page's name and title; the file {@code navigation.txt} gets the links of the navigation. If the
 * name of a page contains a slash, the file's name contains a plus sign instead.
 */
public final class RenderGuide {
  private static final String GUIDE = "/docs/guide";

  /** A page with at least this many headings begins with a list of its headings. */
  private static final int LONG = 4;

  private final Path root;
  private final Path out;

  /** Maps each document to the name of the page generated from it. */
  private final Map<Path, String> names = new LinkedHashMap<>();

  private final Map<Path, Node> documents = new HashMap<>();
  private final Set<Path> pictures = new TreeSet<>();
  private final Parser parser =
      Parser.builder().extensions(List.of(TablesExtension.create())).build();

  private RenderGuide(Path root, Path out) {
    this.root = root.toAbsolutePath().normalize();
    this.out = out.toAbsolutePath().normalize();
  }

  public static void main(String[] args) throws IOException {
    new RenderGuide(Path.of(args[0]), Path.of(args[1])).render();
  }

  private void render() throws IOException {
    for (String top : List.of("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")) {
      names.put(root.resolve(top), top.replace(".md", "").toLowerCase(Locale.ROOT));
    }
    try (Stream<Path> files = Files.walk(root.resolve("docs"))) {
      files
          .filter(file -> file.toString().endsWith(".md"))
          // The README of the pictures is for developers, and is not a page of the guide.
          .filter(file -> !file.startsWith(root.resolve("docs/pictures")))
          .sorted()
          .forEach(this::name);
    }
    if (isFresh()) {
      return;
    }
    clear();
    Files.createDirectories(out.resolve("pages"));
    for (Path document : names.keySet()) {
      documents.put(document, parser.parse(Files.readString(document)));
    }
    List<String> lines = new ArrayList<>();
    for (Map.Entry<Path, String> page : names.entrySet()) {
      Node document = documents.get(page.getKey());
      write(
          "pages/" + page.getValue().replace('/', '+') + ".html", article(page.getKey(), document));
      lines.add(page.getValue() + "\t" + title(document));
    }
    lines.add("decisions\tDecisions");
    write("pages/decisions.html", decisions());
    write("navigation.txt", String.join("\n", navigation()));
    for (Path picture : pictures) {
      Path copy = out.resolve("pictures").resolve(picture.getFileName());
      Files.createDirectories(copy.getParent());
      Files.copy(picture, copy, StandardCopyOption.REPLACE_EXISTING);
    }
    // This file is written last, because isFresh compares its time with the times of the sources.
    write("pages.txt", String.join("\n", lines));
  }

  private void name(Path document) {
    String path = root.resolve("docs").relativize(document).toString().replace('\\', '/');
    names.put(document, path.replaceFirst("\\.md$", "").toLowerCase(Locale.ROOT));
  }

  private boolean isFresh() throws IOException {
    Path made = out.resolve("pages.txt");
    if (!Files.exists(made)) {
      return false;
    }
    List<Path> sources = new ArrayList<>(names.keySet());
    sources.add(root.resolve("adapters-web/src/main/guide/RenderGuide.java"));
    // The sources include the directories, because a directory's time changes when a file in it is
    // deleted.
    try (Stream<Path> shown = Files.walk(root.resolve("docs"))) {
      shown.filter(path -> !path.toString().endsWith("/make")).forEach(sources::add);
    }
    for (Path source : sources) {
      if (Files.getLastModifiedTime(source).compareTo(Files.getLastModifiedTime(made)) > 0) {
        return false;
      }
    }
    return true;
  }

  private void clear() throws IOException {
    if (Files.exists(out)) {
      try (Stream<Path> old = Files.walk(out)) {
        old.sorted(Comparator.reverseOrder()).forEach(RenderGuide::delete);
      }
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String name, String text) throws IOException {
    Path file = out.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private String article(Path source, Node document) {
    document.accept(new Links(source));
    Map<Heading, String> anchors = anchors(document);
    HtmlRenderer renderer =
        HtmlRenderer.builder()
            .extensions(List.of(TablesExtension.create()))
            .escapeHtml(true)
            .sanitizeUrls(true)
            .attributeProviderFactory(
                context ->
                    (node, tag, attributes) -> {
                      if (node instanceof Heading heading) {
                        attributes.put("id", anchors.get(heading));
                      } else if (tag.equals("pre")) {
                        // With a tab index, the block can be scrolled by keyboard.
                        attributes.put("tabindex", "0");
                      } else if (node instanceof Image) {
                        attributes.put("loading", "lazy");
                      }
                    })
            .build();
    String html =
        renderer
            .render(document)
            .replace(
                "<table>",
                "<div class=\"wide\" role=\"group\" aria-label=\"Table\" tabindex=\"0\"><table>")
            .replace("</table>", "</table></div>");
    int first = html.indexOf("</h1>");
    return first < 0
        ? html
        : html.substring(0, first + 5) + contents(anchors) + html.substring(first + 5);
  }

  /** The list of the headings of a long page. */
  private static String contents(Map<Heading, String> anchors) {
    List<Heading> shown =
        anchors.keySet().stream().filter(heading -> heading.getLevel() == 2).toList();
    if (shown.size() < LONG) {
      return "";
    }
    StringBuilder list =
        new StringBuilder("\n<details class=\"contents\"><summary>On this page</summary><ul>\n");
    shown.forEach(
        heading ->
            list.append(
                "<li><a href=\"#%s\">%s</a></li>\n"
                    .formatted(anchors.get(heading), escaped(text(heading)))));
    return list.append("</ul></details>").toString();
  }

  /**
   * Makes anchors for headings in the same way as GitHub and similar sites, because people read the
   * documentation there too.
   */
  private static Map<Heading, String> anchors(Node document) {
    Map<Heading, String> anchors = new LinkedHashMap<>();
    Map<String, Integer> uses = new HashMap<>();
    document.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Heading heading) {
            String anchor =
                text(heading)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                    .replace(' ', '-');
            int before = uses.merge(anchor, 1, Integer::sum) - 1;
            anchors.put(heading, before == 0 ? anchor : anchor + "-" + before);
          }
        });
    return anchors;
  }

  private static String title(Node document) {
    for (Node node = document.getFirstChild(); node != null; node = node.getNext()) {
      if (node instanceof Heading heading) {
        return text(heading);
      }
    }
    throw new IllegalStateException("the page has no heading");
  }

  private static String text(Node node) {
    StringBuilder text = new StringBuilder();
    node.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Text part) {
            text.append(part.getLiteral());
          }

          @Override
          public void visit(Code part) {
            text.append(part.getLiteral());
          }
        });
    return text.toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /**
   * Makes the links between documents lead to the pages of the guide. A link to a file that is not
   * in the guide, such as a source file, becomes plain text. Links to other sites stay as they are.
   */
  private final class Links extends AbstractVisitor {
    private final Path source;

    Links(Path source) {
      this.source = source;
    }

    @Override
    public void visit(Link link) {
      visitChildren(link);
      String to = link.getDestination();
      if (to.matches("[a-z]+:.*") || to.startsWith("#")) {
        return;
      }
      String[] parts = to.split("#", 2);
      Path target = source.resolveSibling(parts[0]).normalize();
      if (target.equals(root.resolve("docs/decisions"))) {
        link.setDestination(GUIDE + "/decisions");
      } else if (target.equals(root.resolve("adapters-web/src/main/openapi"))) {
        link.setDestination("/docs");
      } else if (names.containsKey(target)) {
        link.setDestination(url(names.get(target)) + (parts.length > 1 ? "#" + parts[1] : ""));
      } else {
        unlink(link);
      }
    }

    private void unlink(Link link) {
      Node child = link.getFirstChild();
      while (child != null) {
        Node next = child.getNext();
        link.insertBefore(child);
        child = next;
      }
      link.unlink();
    }

    @Override
    public void visit(Image image) {
      Path picture = source.resolveSibling(image.getDestination()).normalize();
      if (!Files.isRegularFile(picture)) {
        throw new IllegalStateException(
            source + " shows a picture that does not exist: " + picture);
      }
      pictures.add(picture);
      image.setDestination(GUIDE + "/pictures/" + picture.getFileName());
    }
  }

  private static String url(String page) {
    return page.equals("readme") ? GUIDE : GUIDE + "/" + page;
  }

  /**
   * Returns the page that lists the decisions of the project. The program generates this list,
   * because no document contains it.
   */
  private String decisions() {
    StringBuilder list = new StringBuilder("<h1 id=\"decisions\">Decisions</h1>\n<ul>\n");
    names.forEach(
        (document, name) -> {
          if (name.startsWith("decisions/")) {
            list.append(
                "<li><a href=\"%s\">%s</a></li>\n"
                    .formatted(url(name), escaped(title(documents.get(document)))));
          }
        });
    return list.append("</ul>\n").toString();
  }

  /**
   * Returns the lines of the file with the navigation. The file has the same groups as the README:
   * the roles of readers, and the rows of the README's table of subjects. A line without a tab is
   * the name of a group. Each other line describes a page: it contains the page's name, a tab, and
   * the page's label.
   */
  private List<String> navigation() {
    List<String> lines = new ArrayList<>();
    lines.add("readme\tClaviger");
    Set<String> listed = new TreeSet<>(List.of("readme"));
    Node readme = documents.get(root.resolve("README.md"));
    readme.accept(
        new AbstractVisitor() {
          private boolean understood;

          @Override
          public void visit(Heading heading) {
            understood = text(heading).equals("Understand it");
          }

          @Override
          public void visit(Paragraph paragraph) {
            List<Link> links = understood ? links(paragraph) : List.of();
            if (links.stream().anyMatch(link -> link.getDestination().contains("/roles/"))) {
              add("By role", links);
            }
          }

          @Override
          public void visit(CustomBlock block) {
            if (understood && block instanceof TableBlock) {
              for (Node part = block.getFirstChild(); part != null; part = part.getNext()) {
                for (Node row = part.getFirstChild();
                    part instanceof TableBody && row != null;
                    row = row.getNext()) {
                  add(capitalized(text(row.getFirstChild())), links(row.getLastChild()));
                }
              }
            }
          }

          private void add(String group, List<Link> links) {
            lines.add(group);
            for (Link link : links) {
              String page = link.getDestination().replaceFirst("^" + GUIDE + "/", "");
              lines.add(page + "\t" + capitalized(text(link)));
              listed.add(page);
            }
          }
        });
    lines.add("More");
    names.forEach(
        (document, name) -> {
          if (!listed.contains(name) && !name.contains("/")) {
            lines.add(name + "\t" + title(documents.get(document)));
          }
        });
    lines.add("decisions\tDecisions");
    return lines;
  }

  private static List<Link> links(Node node) {
    List<Link> links = new ArrayList<>();
    node.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Link link) {
            links.add(link);
          }
        });
    return links;
  }

  private static String capitalized(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
