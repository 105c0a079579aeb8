import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The classes that the runtime leaves out, because the program uses only a part of their modules.
 * In the module with java.beans, these are the classes that draw, print and play; in the module
 * with the XML parsers, the compiler of XSLT. One class of each package stays, because jlink
 * requires each package of a module. In javax.swing, it is the annotation for which java.beans
 * looks in each class that it introspects.
 */
final class UnusedClasses {
  private static final List<String> DIRECTORIES =
      List.of(
          "java.desktop/com/sun/imageio",
          "java.desktop/com/sun/java/swing",
          "java.desktop/com/sun/media",
          "java.desktop/javax/accessibility",
          "java.desktop/javax/imageio",
          "java.desktop/javax/print",
          "java.desktop/javax/sound",
          "java.desktop/javax/swing",
          "java.desktop/sun/awt",
          "java.desktop/sun/font",
          "java.desktop/sun/java2d",
          "java.desktop/sun/print",
          "java.desktop/sun/swing",
          "java.xml/com/sun/org/apache/bcel",
          "java.xml/com/sun/org/apache/xalan/internal/xsltc",
          "java.xml/com/sun/org/apache/xpath");

  private static final String INTROSPECTED = "SwingContainer.class";

  private UnusedClasses() {}

  /** Returns patterns for jlink, one for each package. */
  static List<String> patterns() throws IOException {
    Path modules = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules");
    List<String> patterns = new ArrayList<>();
    for (String unused : DIRECTORIES) {
      try (Stream<Path> all = Files.walk(modules.resolve(unused))) {
        for (Path directory : all.filter(Files::isDirectory).sorted().toList()) {
          Optional<Path> stays = stays(directory);
          stays.ifPresent(file -> patterns.add(allBut(file, modules.relativize(directory))));
        }
      }
    }
    return patterns;
  }

  /**
   * Returns the only file of a package that stays: a class if there is one; empty if the package
   * has no files.
   */
  private static Optional<Path> stays(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(Files::isRegularFile)
          .min(
              Comparator.comparing((Path file) -> !file.endsWith(INTROSPECTED))
                  .thenComparing(file -> !file.toString().endsWith(".class"))
                  .thenComparing(Path::toString));
    }
  }

  private static String allBut(Path file, Path directory) {
    return "regex:/%s/(?!%s$)[^/]+"
        .formatted(
            Pattern.quote(directory.toString()), Pattern.quote(file.getFileName().toString()));
  }
}
