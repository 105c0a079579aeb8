import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes.Name;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Changes the libraries so that the caches can contain all their classes, in whatever directory the
 * libraries are. The jars are stored without compression. The tarball and the layer of an image are
 * compressed as a whole, and become 14 MB smaller than with compressed jars, which compress each
 * class separately.
 */
record Libraries(Path directory) {
  /** The first version of class files that the virtual machine verifies when it creates a cache. */
  private static final int VERIFIED_AHEAD = 50;

  private static final ClassFileVersion JAVA_8 = ClassFileVersion.of(ClassFile.JAVA_8_VERSION, 0);

  void prepare() throws IOException {
    extractNative();
    for (Path jar : jars()) {
      rewrite(jar);
    }
  }

  /**
   * Puts Netty's native libraries next to the jars. Netty would first copy a library in a jar into
   * a temporary directory, and a read-only root file system has none.
   */
  private void extractNative() throws IOException {
    Path natives = Files.createDirectories(directory.resolve("native"));
    for (Path jar : jars()) {
      if (!jar.toString().contains("native-epoll")) {
        continue;
      }
      try (JarFile opened = new JarFile(jar.toFile())) {
        for (JarEntry entry : opened.stream().toList()) {
          if (entry.getName().matches("META-INF/native/.*\\.so")) {
            String name = entry.getName().substring("META-INF/native/".length());
            Files.write(natives.resolve(name), opened.getInputStream(entry).readAllBytes());
          }
        }
      }
    }
  }

  private static void rewrite(Path jar) throws IOException {
    // The classes of the command line's library are for Java 5. They would not be in the cache, and
    // each command would read them from the jar.
    boolean isOld = jar.getFileName().toString().startsWith("picocli-");
    ByteArrayOutputStream rewritten = new ByteArrayOutputStream();
    try (JarFile opened = new JarFile(jar.toFile());
        ZipOutputStream out = new ZipOutputStream(rewritten)) {
      for (JarEntry entry : opened.stream().toList()) {
        byte[] bytes = opened.getInputStream(entry).readAllBytes();
        String name = entry.getName();
        if (name.equals(JarFile.MANIFEST_NAME)) {
          bytes = unsealed(opened.getManifest(), bytes);
        } else if (isOld && name.endsWith(".class") && !name.startsWith("META-INF/")) {
          bytes = modern(bytes);
        }
        out.putNextEntry(stored(entry, bytes));
        out.write(bytes);
        out.closeEntry();
      }
    }
    Files.write(jar, rewritten.toByteArray());
  }

  private static ZipEntry stored(JarEntry entry, byte[] bytes) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    ZipEntry stored = new ZipEntry(entry.getName());
    stored.setTime(entry.getTime());
    stored.setMethod(ZipEntry.STORED);
    stored.setSize(bytes.length);
    stored.setCrc(checksum.getValue());
    return stored;
  }

  /**
   * Removes the attribute {@code Sealed} from a manifest. The virtual machine seals the packages of
   * cached classes to the directory in which the cache was created. In another directory, it would
   * refuse to load further classes of these packages.
   */
  private static byte[] unsealed(Manifest manifest, byte[] bytes) throws IOException {
    if (manifest.getMainAttributes().remove(Name.SEALED) == null) {
      return bytes;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    manifest.write(out);
    return out.toByteArray();
  }

  /**
   * Converts old classes to the version of Java 8, with the stack maps that the verifier requires.
   */
  private static byte[] modern(byte[] bytes) {
    ClassFile format = ClassFile.of(StackMapsOption.STACK_MAPS_WHEN_REQUIRED);
    ClassModel old = format.parse(bytes);
    if (old.majorVersion() >= VERIFIED_AHEAD) {
      return bytes;
    }
    ClassTransform version =
        (builder, element) -> builder.with(element instanceof ClassFileVersion ? JAVA_8 : element);
    // Code that is written again gets its stack maps.
    ClassTransform code =
        ClassTransform.transformingMethodBodies((builder, element) -> builder.with(element));
    return format.transformClass(old, code.andThen(version));
  }

  private List<Path> jars() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(path -> path.toString().endsWith(".jar")).sorted().toList();
    }
  }
}
