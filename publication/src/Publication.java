import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Makes a Maven repository in {@code publication/target/repository} of the artifacts that a Java
 * program needs to embed Claviger, and checks them: each has what a public repository demands, and
 * a program that knows nothing but {@code docs/in-process.md} is compiled and runs with them. Maven
 * runs it by the profile {@code publication}.
 *
 * <p>Arguments: the directory of the sources, the version, and the directory of Maven.
 */
final class Publication {
  private static final Path GROUP = Path.of("io", "claviger");
  private static final String MODULE = "claviger-in-process";

  /** What a public repository demands of a POM. Modules inherit all but the first two. */
  private static final List<String> DEMANDED =
      List.of(
          "name",
          "description",
          "url",
          "licenses/license/name",
          "licenses/license/url",
          "developers/developer/name",
          "scm/connection",
          "scm/url");

  private static final List<String> NOT_INHERITED = DEMANDED.subList(0, 2);

  private final Path sources;
  private final String version;
  private final Path target;
  private final Path repository;
  private final List<String> faults = new ArrayList<>();

  private Publication(Path sources, String version) {
    this.sources = sources;
    this.version = version;
    this.target = sources.resolve("publication/target");
    this.repository = target.resolve("repository");
  }

  public static void main(String[] args) throws Exception {
    Publication publication = new Publication(Path.of(args[0]).toRealPath(), args[1]);
    publication.make();
    publication.run(Path.of(args[2], "bin", "mvn"));
  }

  private void make() throws Exception {
    delete(repository);
    String unused = putPom(sources, DEMANDED);
    for (Path module : modules()) {
      String artifact = putPom(module, NOT_INHERITED);
      for (String kind : List.of("", "-sources", "-javadoc")) {
        put(artifact, kind, ".jar", built(module, artifact, kind));
      }
      compare(module, artifact);
    }
    if (!faults.isEmpty()) {
      throw new IllegalStateException("can't be published: " + String.join("; ", faults));
    }
  }

  /** Returns the artifact that the POM describes. */
  private String putPom(Path module, List<String> demanded) throws Exception {
    Path file = module.resolve("pom.xml");
    Element pom =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(file.toFile())
            .getDocumentElement();
    String artifact = text(pom, "artifactId");
    for (String path : demanded) {
      if (text(pom, path).isEmpty()) {
        faults.add(artifact + " has no " + path);
      }
    }
    put(artifact, "", ".pom", file);
    return artifact;
  }

  /** Returns the modules that a program gets by {@link #MODULE}, and that module. */
  private List<Path> modules() throws IOException {
    List<Path> modules = new ArrayList<>(List.of(sources.resolve("in-process")));
    for (Path jar : classPath(sources.resolve("in-process/target/runtime-class-path"))) {
      if (jar.startsWith(sources)) {
        modules.add(jar.getParent().getParent());
      }
    }
    return modules;
  }

  private static List<Path> classPath(Path file) throws IOException {
    return Stream.of(Files.readString(file).strip().split(":")).map(Path::of).toList();
  }

  private Path built(Path module, String artifact, String kind) {
    return module.resolve("target").resolve("%s-%s%s.jar".formatted(artifact, version, kind));
  }

  /** Finds classes without sources, and jars without licence or index. */
  private void compare(Path module, String artifact) throws IOException {
    Set<String> classes = names(built(module, artifact, ""));
    Set<String> texts = names(built(module, artifact, "-sources"));
    Set<String> pages = names(built(module, artifact, "-javadoc"));
    for (String name : classes) {
      String source = name.replaceFirst("([$].*)?[.]class$", ".java");
      if (name.endsWith(".class") && !texts.contains(source)) {
        faults.add(artifact + " has " + name + " without its source");
      }
    }
    if (!classes.contains("META-INF/LICENSE") || !texts.contains("META-INF/LICENSE")) {
      faults.add(artifact + " has no licence in its jars");
    }
    if (!pages.contains("index.html")) {
      faults.add(artifact + " has no Javadoc");
    }
  }

  private static Set<String> names(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream().map(ZipEntry::getName).collect(Collectors.toSet());
    }
  }

  private void put(String artifact, String kind, String type, Path file)
      throws IOException, NoSuchAlgorithmException {
    Path directory = repository.resolve(GROUP).resolve(artifact).resolve(version);
    Files.createDirectories(directory);
    String name = artifact + "-" + version + kind + type;
    Files.copy(file, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    for (String algorithm : List.of("MD5", "SHA-1", "SHA-256")) {
      byte[] digest = MessageDigest.getInstance(algorithm).digest(Files.readAllBytes(file));
      Files.writeString(
          directory.resolve(name + "." + algorithm.toLowerCase(Locale.ROOT).replace("-", "")),
          HexFormat.of().formatHex(digest));
    }
  }

  private static String text(Element from, String path) {
    Node node = from;
    for (String name : path.split("/")) {
      node = child(node, name);
      if (node == null) {
        return "";
      }
    }
    return node.getTextContent().strip();
  }

  private static Node child(Node parent, String name) {
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node.getNodeName().equals(name)) {
        return node;
      }
    }
    return null;
  }

  /** Does what the document says, in a project and with a local repository of its own. */
  private void run(Path maven) throws Exception {
    String document = Files.readString(sources.resolve("docs/in-process.md"));
    String dependency = block(document, "xml");
    String example = block(document, "java");
    Path project = target.resolve("program");
    Path local = target.resolve("local-repository");
    delete(project);
    delete(local.resolve(GROUP));
    // Without this directory, Maven would take the settings of this project's build.
    Files.createDirectories(project.resolve(".mvn"));
    Path source = project.resolve("src/main/java/io/claviger/examples/InProcessExample.java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, example);
    Files.writeString(
        project.resolve("pom.xml"),
        """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>com.example</groupId>
          <artifactId>program</artifactId>
          <version>1</version>
          <properties>
            <maven.compiler.release>21</maven.compiler.release>
            <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
          </properties>
          <repositories>
            <repository>
              <id>publication</id>
              <url>%s</url>
            </repository>
          </repositories>
          <dependencies>
        %s
          </dependencies>
        </project>
        """
            .formatted(repository.toUri(), dependency));
    execute(
        project,
        Map.of("JAVA_HOME", System.getProperty("java.home")),
        maven.toString(),
        "-B",
        "-q",
        "-Dmaven.repo.local=" + local,
        "org.apache.maven.plugins:maven-compiler-plugin:3.14.1:compile",
        "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath",
        "-Dmdep.outputFile=class-path");
    List<Path> libraries = classPath(project.resolve("class-path"));
    Set<String> tested = new TreeSet<>(List.of(MODULE + "-" + version + ".jar"));
    classPath(sources.resolve("in-process/target/runtime-class-path"))
        .forEach(jar -> tested.add(jar.getFileName().toString()));
    Set<String> resolved = new TreeSet<>();
    libraries.forEach(jar -> resolved.add(jar.getFileName().toString()));
    if (!resolved.equals(tested)) {
      throw new IllegalStateException("resolves %s, tested were %s".formatted(resolved, tested));
    }
    List<Path> running = new ArrayList<>(List.of(project.resolve("target/classes")));
    running.addAll(libraries);
    try (TestDatabase database = PostgresForTests.empty()) {
      String output =
          execute(
              project,
              Map.of(
                  "DATABASE_URL",
                  database.jdbcUrl(),
                  "OPENAI_API_KEY",
                  "sk-example-0001",
                  "ENCRYPTION_KEY",
                  "an-encryption-key-for-examples-0123456789"),
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp",
              running.stream().map(Path::toString).collect(Collectors.joining(":")),
              "io.claviger.examples.InProcessExample");
      if (!output.contains("[alice/my-openai]")) {
        throw new IllegalStateException("the example prints " + output);
      }
    }
    System.out.printf(
        "%s: a program resolves %d jars, is compiled and runs%n", repository, libraries.size());
  }

  private static String block(String document, String language) {
    Matcher found = Pattern.compile("(?s)```" + language + "\n(.*?)```").matcher(document);
    if (!found.find()) {
      throw new IllegalStateException("the document has no " + language);
    }
    return found.group(1);
  }

  /** Returns what the process prints. */
  private static String execute(Path directory, Map<String, String> settings, String... command)
      throws IOException, InterruptedException {
    Path output = directory.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(settings);
    Process process = builder.start();
    boolean ended = process.waitFor(10, TimeUnit.MINUTES);
    String printed = Files.readString(output, StandardCharsets.UTF_8);
    if (!ended || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException(Arrays.toString(command) + " failed:\n" + printed);
    }
    return printed;
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
