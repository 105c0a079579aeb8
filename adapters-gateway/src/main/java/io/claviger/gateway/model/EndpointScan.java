package io.claviger.gateway.model;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body that creates a batch from a file. The top-level member {@code endpoint} names the
 * operation for the batch. An unknown member could name requests outside of the file, like Azure's
 * {@code input_blob}, or a place for the results, like {@code output_folder}.
 */
public final class EndpointScan extends JsonPart {
  /**
   * What the body says about the batch.
   *
   * @param endpoint the URL that the batch calls; empty if parsers might understand the URL
   *     differently
   * @param window the time within which the provider has to complete the batch, such as {@code
   *     24h}; empty if the body does not say
   * @param isKnown whether all top-level members are known
   */
  public record Said(Optional<String> endpoint, Optional<String> window, boolean isKnown) {}

  private static final String ENDPOINT = "endpoint";
  private static final String WINDOW = "completion_window";

  private static final Set<String> KNOWN =
      Set.of(ENDPOINT, WINDOW, "input_file_id", "metadata", "output_expires_after");

  private final StringBuilder folded = new StringBuilder(ENDPOINT.length());
  private int depth;
  private boolean inEndpoint;
  private boolean inWindow;
  private boolean unclear;
  private boolean hasMore;
  private @Nullable String found;
  private @Nullable String window;

  /** Must be called only after the end of the body. */
  Said said() {
    return new Said(
        unclear ? Optional.empty() : Optional.ofNullable(found),
        Optional.ofNullable(window),
        !hasMore);
  }

  @Override
  void malformed() {
    unclear = true;
  }

  @Override
  public void opened(boolean array) {
    depth++;
    unclear |= inEndpoint || inWindow || (depth == 1 && array);
    inEndpoint = false;
    inWindow = false;
  }

  @Override
  public void closed() {
    depth--;
  }

  @Override
  public void name(ScannedText name) {
    if (depth == 1) {
      hasMore |= name.isLonger() || !KNOWN.contains(name.toString());
      inWindow = !name.isLonger() && WINDOW.contentEquals(name);
      unclear |= inWindow && window != null;
    }
    if (depth == 1 && !name.isLonger()) {
      folded.setLength(0);
      name.fold(folded);
      inEndpoint = ENDPOINT.contentEquals(folded);
      unclear |= inEndpoint && (found != null || !ENDPOINT.contentEquals(name));
    }
  }

  @Override
  public boolean wantsText() {
    return inEndpoint || inWindow;
  }

  @Override
  public void text(ScannedText text) {
    if (inEndpoint) {
      inEndpoint = false;
      found = text.toString();
    } else if (inWindow) {
      inWindow = false;
      window = text.toString();
    }
  }

  @Override
  public void other() {
    unclear |= inEndpoint;
    inEndpoint = false;
    inWindow = false;
  }
}
