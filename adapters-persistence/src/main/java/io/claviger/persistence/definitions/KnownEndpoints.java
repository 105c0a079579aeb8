package io.claviger.persistence.definitions;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.domain.definitions.Endpoint;

/**
 * Endpoints as they stand in rows, since to read one takes microseconds. Those that are read most
 * are kept, up to {@value #MOST} characters in all; whoever brings many others loses only those.
 */
public final class KnownEndpoints {
  private static final int MOST = 1_000_000;

  /** What an entry takes besides its text. */
  private static final int ENTRY = 200;

  private static final Cache<String, Endpoint> BY_URL =
      Caffeine.newBuilder()
          .maximumWeight(MOST)
          .weigher((String url, Endpoint read) -> ENTRY + url.length())
          .executor(Runnable::run)
          .build();

  private KnownEndpoints() {}

  public static Endpoint of(String url) {
    return BY_URL.get(url, Endpoint::of);
  }
}
