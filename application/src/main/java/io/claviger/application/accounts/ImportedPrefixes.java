package io.claviger.application.accounts;

import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.accounts.TokenPrefix;
import io.claviger.domain.accounts.TokenText;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides which texts might be imported tokens. All other texts are rejected without a query. The
 * prefixes of imported tokens are read at most once a second. The prefixes are read only when
 * somebody presents a text that might be an imported token.
 */
public final class ImportedPrefixes {
  /** The time after which the known prefixes are read again. */
  static final Duration AGE = Duration.ofSeconds(1);

  private final Supplier<List<TokenPrefix>> source;
  private final LongSupplier nanos;
  private volatile @Nullable Known known;

  /**
   * @param source a function that reads up to {@link ImportedTokens#MOST_PREFIXES} prefixes
   */
  public ImportedPrefixes(Supplier<List<TokenPrefix>> source, LongSupplier nanos) {
    this.source = source;
    this.nanos = nanos;
  }

  private record Known(List<TokenPrefix> prefixes, long readAt) {}

  /**
   * Whether the text might be the text of an imported token. This method never waits. If the known
   * prefixes are missing or too old, the result is true.
   */
  boolean mayHave(TokenText text) {
    Known last = known;
    return text.isImportable()
        && (last == null || isOld(last) || text.isImportable(last.prefixes()));
  }

  /**
   * Whether the text begins with the prefix of some imported token. If the database can't be
   * reached or is too slow, the last known prefixes are used.
   *
   * @throws StoreUnavailable when the database can't be reached and the prefixes have never been
   *     read
   */
  boolean have(TokenText text) {
    return text.isImportable() && text.isImportable(current());
  }

  private List<TokenPrefix> current() {
    Known last = known;
    return last == null || isOld(last) ? read() : last.prefixes();
  }

  private synchronized List<TokenPrefix> read() {
    Known last = known;
    if (last != null && !isOld(last)) {
      return last.prefixes();
    }
    List<TokenPrefix> prefixes;
    try {
      prefixes = List.copyOf(source.get());
    } catch (StoreUnavailable | QueryTimeout e) {
      if (last == null) {
        throw e;
      }
      prefixes = last.prefixes();
    }
    known = new Known(prefixes, nanos.getAsLong());
    return prefixes;
  }

  private boolean isOld(Known read) {
    return nanos.getAsLong() - read.readAt() > AGE.toNanos();
  }
}
