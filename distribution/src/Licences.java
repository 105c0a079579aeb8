import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Extracts the licences and notices from the libraries, so that people can read them. */
record Licences(Path libraries) {
  private static final Pattern TEXT =
      Pattern.compile("(META-INF/)?(LICEN[CS]E|NOTICE|COPYING|COPYRIGHT)[^/]*", Pattern.CASE_INSENSITIVE);

  void extractTo(Path directory) throws IOException {
    try (Stream<Path> jars = Files.list(libraries)) {
      for (Path jar : jars.filter(path -> path.toString().endsWith(".jar")).sorted().toList()) {
        extract(jar, directory.resolve(jar.getFileName().toString().replace(".jar", "")));
      }
    }
  }

  private static void extract(Path jar, Path directory) throws IOException {
    try (JarFile opened = new JarFile(jar.toFile())) {
      for (JarEntry entry : opened.stream().toList()) {
        if (!entry.isDirectory() && TEXT.matcher(entry.getName()).matches()) {
          Files.createDirectories(directory);
          String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
          Files.write(directory.resolve(name), opened.getInputStream(entry).readAllBytes());
        }
      }
    }
  }
}
