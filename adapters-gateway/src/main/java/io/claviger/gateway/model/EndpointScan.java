package io.claviger.gateway.model;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the operation that a batch is to call. The member {@code endpoint} of the outermost object
 * states this operation.
 */
final class EndpointScan extends JsonPart {
  private static final String ENDPOINT = "endpoint";

  private final StringBuilder folded = new StringBuilder(ENDPOINT.length());
  private int depth;
  private boolean inEndpoint;
  private boolean unclear;
  private @Nullable String found;

  /**
   * The value of that member; empty if parsers may understand the value differently. Must be called
   * only after the body has ended.
   */
  Optional<String> endpoint() {
    return unclear ? Optional.empty() : Optional.ofNullable(found);
  }

  @Override
  void malformed() {
    unclear = true;
  }

  @Override
  public void opened(boolean array) {
    depth++;
    unclear |= inEndpoint || (depth == 1 && array);
    inEndpoint = false;
  }

  @Override
  public void closed() {
    depth--;
  }

  @Override
  public void name(ScannedText name) {
    if (depth == 1 && !name.isLonger()) {
      folded.setLength(0);
      name.fold(folded);
      inEndpoint = ENDPOINT.contentEquals(folded);
      unclear |= inEndpoint && (found != null || !ENDPOINT.contentEquals(name));
    }
  }

  @Override
  public boolean wantsText() {
    return inEndpoint;
  }

  @Override
  public void text(ScannedText text) {
    if (inEndpoint) {
      inEndpoint = false;
      found = text.toString();
    }
  }

  @Override
  public void other() {
    unclear |= inEndpoint;
    inEndpoint = false;
  }
}
