package io.claviger.persistence;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A class loader that remembers where each migration is on the class path. Flyway reads every
 * migration several times at each start, and each time searches all jars of the class path. Without
 * this class, these searches would take most of the time in which a node checks its schema.
 */
final class MigrationFiles extends ClassLoader {
  static final String DIRECTORY = "io/claviger/persistence/migrations";

  private static final MigrationFiles ONLY = new MigrationFiles();

  private final Map<String, URL> found = new ConcurrentHashMap<>();

  private MigrationFiles() {
    super(MigrationFiles.class.getClassLoader());
  }

  static ClassLoader loader() {
    return ONLY;
  }

  /** Returns the text of a migration. */
  static String read(String file) throws IOException {
    String path = DIRECTORY + "/" + file;
    try (InputStream stream = Objects.requireNonNull(ONLY.getResourceAsStream(path), path)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /**
   * Looks for migrations only at the first place on the class path that contains any, because the
   * class path might contain the same jar twice. Finds other resources in the usual way.
   */
  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    if (!name.startsWith(DIRECTORY)) {
      return super.getResources(name);
    }
    @Nullable URL file = getResource(name);
    return file == null
        ? Collections.emptyEnumeration()
        : Collections.enumeration(Collections.singleton(file));
  }

  @Override
  public @Nullable URL getResource(String name) {
    if (!name.startsWith(DIRECTORY)) {
      return super.getResource(name);
    }
    @Nullable URL known = found.get(name);
    if (known != null) {
      return known;
    }
    @Nullable URL file = super.getResource(name);
    if (file != null) {
      found.put(name, file);
    }
    return file;
  }
}
