package io.claviger.gateway.in;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Decides how many bytes the gateway requests in one read from a caller's connection. The gateway
 * reads each connection only once in each cycle of the event loop. So at most one buffer still
 * arrives after the gateway has paused the reading of a connection.
 *
 * <p>Usually a read has at most {@value #USUAL_MOST} bytes. If more bytes are missing from a body
 * that the current call buffers, a read has up to {@value #MOST} bytes: fewer reads cost less time.
 */
final class CallerReads extends AdaptiveRecvByteBufAllocator {
  private static final int LEAST = 64;
  private static final int USUAL = 2 << 10;
  private static final int USUAL_MOST = 16 << 10;
  static final int MOST = 64 << 10;

  private final LongSupplier accepted;
  private final BooleanSupplier mayBeLarge;

  /**
   * @param accepted a function that returns how many bytes are missing from a body that the current
   *     call buffers; 0 or less if the call buffers no body, or if the length is unknown
   * @param mayBeLarge a function that returns whether the next read may have more bytes than usual.
   *     Only called if the read would have more bytes
   */
  CallerReads(LongSupplier accepted, BooleanSupplier mayBeLarge) {
    super(LEAST, USUAL, USUAL_MOST);
    maxMessagesPerRead(1);
    this.accepted = accepted;
    this.mayBeLarge = mayBeLarge;
  }

  @Override
  @SuppressWarnings("deprecation") // Netty has no other method for this
  public Handle newHandle() {
    return new Reads((ExtendedHandle) super.newHandle(), accepted, mayBeLarge);
  }

  private static final class Reads extends RecvByteBufAllocator.DelegatingHandle
      implements ExtendedHandle {
    private final ExtendedHandle usual;
    private final LongSupplier accepted;
    private final BooleanSupplier mayBeLarge;

    Reads(ExtendedHandle usual, LongSupplier accepted, BooleanSupplier mayBeLarge) {
      super(usual);
      this.usual = usual;
      this.accepted = accepted;
      this.mayBeLarge = mayBeLarge;
    }

    @Override
    public int guess() {
      int guess = usual.guess();
      return guess < USUAL_MOST ? guess : Math.clamp(accepted.getAsLong(), USUAL_MOST, MOST);
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator buffers) {
      int size = guess();
      return buffers.ioBuffer(size <= USUAL_MOST || mayBeLarge.getAsBoolean() ? size : USUAL_MOST);
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMoreDataSupplier) {
      return usual.continueReading(maybeMoreDataSupplier);
    }
  }
}
