import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.jar.Attributes.Name;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Makes the tarball: a runtime, the program, and caches of a training run. Maven runs it by the
 * profile {@code distribution}, with the JDK whose runtime is taken. Everything but the caches is
 * the same to the byte in each build.
 *
 * <p>Arguments: the directory of the sources, and the version.
 */
final class Distribution {
  /** What the program and its libraries use of the JDK; a missing one shows in the training run. */
  private static final List<String> MODULES =
      List.of(
          "java.base",
          "java.desktop", // java.beans, for Spring
          "java.instrument",
          "java.logging",
          "java.management",
          "java.naming",
          "java.net.http",
          "java.security.jgss",
          "java.sql",
          "java.xml",
          "jdk.jfr", // so that operators can look into a node
          "jdk.management",
          "jdk.naming.dns",
          "jdk.net",
          "jdk.security.auth", // who owns a data directory
          "jdk.unsupported",
          "jdk.zipfs");

  /** All files have this time, because the virtual machine compares those of a cache's jars. */
  private static final FileTime TIME = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

  private final Path sources;
  private final Path target;
  private final Path home;

  private Distribution(Path sources, String version) {
    this.sources = sources;
    this.target = sources.resolve("distribution/target");
    this.home = target.resolve("claviger-" + version);
  }

  public static void main(String[] args) throws Exception {
    Distribution distribution = new Distribution(Path.of(args[0]).toRealPath(), args[1]);
    distribution.assemble();
    new Training(distribution.home).run();
    distribution.pack();
  }

  private void assemble() throws IOException {
    delete(home);
    Files.createDirectories(target);
    link(home.resolve("runtime"));
    copy(sources.resolve("bootstrap/target/claviger/lib"), home.resolve("lib"));
    copy(sources.resolve("distribution/src/files"), home);
    extractNative(home.resolve("lib"));
    unseal(home.resolve("lib"));
    copy(sources.resolve("deploy/systemd"), home.resolve("systemd"));
    for (String text : List.of("LICENSE", "CHANGELOG.md", "SECURITY.md")) {
      Files.copy(sources.resolve(text), home.resolve(text));
    }
    Files.copy(target.resolve("claviger.cdx.json"), home.resolve("claviger.cdx.json"));
    new Licences(home.resolve("lib")).extractTo(home.resolve("licences"));
    settle();
  }

  private static void link(Path runtime) {
    int exit =
        ToolProvider.findFirst("jlink")
            .orElseThrow(() -> new IllegalStateException("this JDK has no jlink"))
            .run(
                new PrintStream(System.out),
                System.err,
                "--add-modules",
                String.join(",", MODULES),
                "--output",
                runtime.toString(),
                "--strip-java-debug-attributes",
                "--no-header-files",
                "--no-man-pages",
                // The tarball compresses better what is not compressed yet.
                "--compress",
                "zip-0",
                // Nothing is drawn.
                "--exclude-files",
                "glob:/java.desktop/lib/*.so");
    if (exit != 0) {
      throw new IllegalStateException("jlink ended with " + exit);
    }
  }

  /**
   * Puts Netty's native libraries beside the jars. From a jar, Netty would copy them into a
   * temporary directory first, which a read-only root does not have.
   */
  private static void extractNative(Path libraries) throws IOException {
    Path directory = Files.createDirectories(libraries.resolve("native"));
    try (Stream<Path> jars = Files.list(libraries)) {
      for (Path jar : jars.filter(path -> path.toString().contains("native-epoll")).toList()) {
        try (JarFile opened = new JarFile(jar.toFile())) {
          for (JarEntry entry : opened.stream().toList()) {
            if (entry.getName().matches("META-INF/native/.*\\.so")) {
              String name = entry.getName().substring("META-INF/native/".length());
              Files.write(
                  directory.resolve(name), opened.getInputStream(entry).readAllBytes());
            }
          }
        }
      }
    }
  }

  /**
   * Takes the attribute {@code Sealed} out of the libraries' manifests. The virtual machine seals
   * packages of cached classes to the place where the cache was made, and elsewhere refuses to load
   * more of them.
   */
  private static void unseal(Path libraries) throws IOException {
    try (Stream<Path> jars = Files.list(libraries)) {
      for (Path jar : jars.filter(path -> path.toString().endsWith(".jar")).toList()) {
        try (JarFile opened = new JarFile(jar.toFile())) {
          Manifest manifest = opened.getManifest();
          if (manifest != null && manifest.getMainAttributes().remove(Name.SEALED) != null) {
            rewrite(opened, manifest, jar);
          }
        }
      }
    }
  }

  private static void rewrite(JarFile jar, Manifest manifest, Path target) throws IOException {
    ByteArrayOutputStream rewritten = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(rewritten)) {
      for (JarEntry entry : jar.stream().toList()) {
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setTime(entry.getTime());
        out.putNextEntry(copy);
        if (entry.getName().equals(JarFile.MANIFEST_NAME)) {
          manifest.write(out);
        } else {
          jar.getInputStream(entry).transferTo(out);
        }
        out.closeEntry();
      }
    }
    Files.write(target, rewritten.toByteArray());
  }

  /** Gives each file the same time and rights in every build. */
  private void settle() throws IOException {
    try (Stream<Path> all = Files.walk(home)) {
      for (Path path : all.toList()) {
        boolean executable = Files.isDirectory(path) || Files.isExecutable(path);
        Files.setPosixFilePermissions(
            path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        Files.setLastModifiedTime(path, TIME);
      }
    }
  }

  private void pack() throws IOException, InterruptedException {
    settle();
    String name = home.getFileName() + "-linux-" + architecture() + ".tar.gz";
    Path tarball = target.resolve(name);
    Files.deleteIfExists(tarball);
    int exit =
        new ProcessBuilder(
                "tar",
                "--create",
                "--sort=name",
                "--owner=0",
                "--group=0",
                "--numeric-owner",
                "--use-compress-program=gzip -n -9",
                "--file=" + tarball,
                "--directory=" + target,
                home.getFileName().toString())
            .inheritIO()
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IllegalStateException("tar ended with " + exit);
    }
    System.out.printf("%s: %.1f MB%n", name, Files.size(tarball) / 1e6);
  }

  private static String architecture() {
    String machine = System.getProperty("os.arch");
    return machine.equals("amd64") ? "x64" : machine;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Path copy = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(path, copy, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException fault)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
