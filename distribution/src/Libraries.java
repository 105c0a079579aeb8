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
 * Changes the libraries so that the caches of classes can hold all of them, wherever they lie. Their
 * jars are stored without compression: the tarball and the layer of an image, which are compressed as
 * a whole, are then 14 MB smaller, because a compressed jar compresses each class by itself.
 */
record Libraries(Path directory) {
  /** The first version whose classes the virtual machine verifies while it makes a cache. */
  private static final int VERIFIED_AHEAD = 50;

  private static final ClassFileVersion JAVA_8 = ClassFileVersion.of(ClassFile.JAVA_8_VERSION, 0);

  void prepare() throws IOException {
    extractNative();
    for (Path jar : jars()) {
      rewrite(jar);
    }
  }

  /**
   * Puts Netty's native libraries beside the jars. From a jar, Netty would copy them into a
   * temporary directory first, which a read-only root does not have.
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
    // The command line's library is for Java 5, and each command would read it from its jar.
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
   * Takes the attribute {@code Sealed} out of a manifest. The virtual machine seals packages of
   * cached classes to the place where the cache was made, and elsewhere refuses to load more of
   * them.
   */
  private static byte[] unsealed(Manifest manifest, byte[] bytes) throws IOException {
    if (manifest.getMainAttributes().remove(Name.SEALED) == null) {
      return bytes;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    manifest.write(out);
    return out.toByteArray();
  }

  /** Gives old classes the version of Java 8, with the maps that its verifier wants. */
  private static byte[] modern(byte[] bytes) {
    ClassFile format = ClassFile.of(StackMapsOption.STACK_MAPS_WHEN_REQUIRED);
    ClassModel old = format.parse(bytes);
    if (old.majorVersion() >= VERIFIED_AHEAD) {
      return bytes;
    }
    ClassTransform version =
        (builder, element) -> builder.with(element instanceof ClassFileVersion ? JAVA_8 : element);
    // Code that is written anew gets its maps.
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
