package io.claviger.stub;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Imitates OpenAI's prompt cache. Input counts as cached if the same account has already sent input
 * with the same beginning and the same {@code prompt_cache_key}. The cached beginning has 1,024
 * tokens plus a multiple of 128 tokens. In one of 100 calls, the stub ignores the cache key. In
 * this, the stub imitates OpenAI, which does not guarantee that calls with the same key reach the
 * same machine.
 */
final class PrefixCache {
  private static final int FIRST = 1_024;
  private static final int STEP = 128;
  private static final int CHARACTERS = 4;
  private static final int MOST = 100_000;

  private final SplittableRandom random = new SplittableRandom(0);
  private final Map<Long, Set<String>> keysByPrefix =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Set<String>> eldest) {
          return size() > MOST;
        }
      };

  /** Returns how many input tokens are in the cache, and remembers the input. */
  int read(String account, String cacheKey, List<String> texts) {
    String input = String.join("\n", texts);
    if (input.length() < FIRST * CHARACTERS) {
      return 0;
    }
    boolean anyKey = random.nextInt(100) == 0;
    long hash = account.hashCode();
    int cached = 0;
    int read = 0;
    for (int tokens = FIRST; tokens * CHARACTERS <= input.length(); tokens += STEP) {
      for (; read < tokens * CHARACTERS; read++) {
        hash = hash * 1_000_003 + input.charAt(read);
      }
      Set<String> keys = keysByPrefix.computeIfAbsent(hash, any -> new HashSet<>());
      if (keys.contains(cacheKey) || (anyKey && !keys.isEmpty())) {
        cached = tokens;
      }
      if (keys.size() < 1_000) {
        keys.add(cacheKey);
      }
    }
    return cached;
  }
}
