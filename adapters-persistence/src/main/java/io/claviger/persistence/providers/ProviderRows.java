package io.claviger.persistence.providers;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.definitions.ProviderContent;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Reads providers from rows. A custom provider is parsed once and then comes from a cache, so that
 * all its rows share one object. The cache has room for the maximum number of custom providers.
 */
public final class ProviderRows {
  private static final int MOST = 200;

  private static final Cache<Defined, Provider> READ =
      Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();

  private ProviderRows() {}

  /** Returns the column {@code provider_content} of a row's provider. */
  public static String content(String alias, String prefix) {
    return "(select l.content from providers l where l.handle = %s.provider) as %sprovider_content"
        .formatted(alias, prefix);
  }

  /** Reads the columns {@code provider} and {@code provider_content}. */
  public static Provider provider(Row row) throws SQLException {
    return provider(row.text("provider"), row.optionalTexts("provider_content"));
  }

  /**
   * @param content the stored content; empty if the provider is built in and unchanged
   */
  static Provider provider(String name, Optional<List<String>> content) {
    return content.isEmpty()
        ? Provider.of(name)
        : READ.get(
            new Defined(name, content.get()),
            of -> Provider.of(of.name, ProviderContent.ofStored(of.content)));
  }

  private record Defined(String name, List<String> content) {}
}
