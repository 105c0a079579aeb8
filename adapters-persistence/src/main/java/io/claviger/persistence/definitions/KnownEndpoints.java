package io.claviger.persistence.definitions;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.domain.definitions.Endpoint;

/**
 * A cache of parsed endpoints, because parsing takes microseconds. The cache holds at most {@value
 * #MOST} characters of endpoints in total. The cache keeps the most used endpoints, so a caller
 * with many rarely used endpoints can't displace them.
 */
public final class KnownEndpoints {
  private static final int MOST = 1_000_000;

  /** The size of an entry in addition to its text, expressed as a number of characters. */
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
