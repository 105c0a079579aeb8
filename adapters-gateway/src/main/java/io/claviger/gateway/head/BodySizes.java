package io.claviger.gateway.head;

/**
 * The maximum sizes of the bodies of requests, in bytes.
 *
 * @param most the maximum size of a body that is no upload
 * @param mostUploaded the maximum size of the body of a request that uploads a file to be stored
 * @param mostHeld the maximum size of the body of a request whose URL names no service; the gateway
 *     buffers such a body completely
 */
public record BodySizes(long most, long mostUploaded, long mostHeld) {
  public static final BodySizes USUAL = new BodySizes(64L << 20, 2L << 30, 32L << 20);

  /** Returns the maximum size of a body. An upload may always be as large as any other body. */
  public long most(boolean isUpload) {
    return isUpload ? Math.max(most, mostUploaded) : most;
  }

  public BodySizes withMost(long bytes) {
    return new BodySizes(bytes, mostUploaded, mostHeld);
  }

  public BodySizes withMostHeld(long bytes) {
    return new BodySizes(most, mostUploaded, bytes);
  }
}
