package io.claviger.gateway.model;

import io.claviger.application.gateway.AuthorizedCall;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.ModelName;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.in.BodyLength;
import io.claviger.gateway.in.ParsedCall;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A body that is read whole before anything of it leaves, where only some models are lent. Confined
 * to an event loop, but for {@link #readOn}.
 */
public final class BufferedBody {
  /** Bytes that a held body may have. */
  static final int LARGEST = 16 << 20;

  /**
   * A body up to this is read where it is, on the event loop. That takes tens of microseconds, and
   * half a millisecond at worst; to go elsewhere and back costs as much.
   */
  private static final int SMALL = 16 << 10;

  /** Bytes that are read in one turn, in less than ten milliseconds. */
  private static final int TURN = 256 << 10;

  private static final int SMALLEST_SEGMENT = 4 << 10;
  private static final int PIECE = 8 << 10;

  private final ModelScan scan;
  private final BufferBudget.Place place;
  private final long largest;
  private final ByteBufAllocator buffers;

  /**
   * The body. Parts are copied: to keep one of them would keep the whole buffer that it came in.
   * Segments double up to 64 KiB, so that a small body takes little, and a large one is never
   * copied to a larger buffer.
   */
  private final List<ByteBuf> segments = new ArrayList<>(4);

  private long bytes;
  private boolean taken;
  private boolean closed;

  /** The call, and who reads the body for its model: when both are done the memory is free. */
  private final AtomicInteger users = new AtomicInteger(1);

  private volatile boolean abandoned;

  /** Where reading goes on. */
  private int segment;

  private int offset;
  private Set<ModelName> asked = Set.of();

  private BufferedBody(
      ModelScan scan, BufferBudget.Place place, long largest, ByteBufAllocator buffers) {
    this.scan = scan;
    this.place = place;
    this.largest = largest;
    this.buffers = buffers;
  }

  /**
   * @param budget of all bodies together
   * @param mostBytes of any request's body
   * @return null where the body may stream: models are not limited, or there is none to be read
   * @throws CallRefused when the request is for a model that is not allowed, or can't be read for
   *     it, or there is no room for its body
   */
  public static @Nullable BufferedBody where(
      AuthorizedCall passage,
      HttpRequest request,
      ParsedCall admission,
      BufferBudget budget,
      long mostBytes,
      ByteBufAllocator buffers) {
    if (passage.models().isEmpty()) {
      return null;
    }
    RequestedModel model =
        new RequestedModel(
            passage.models().get(), passage.standard().format(), admission.target().below());
    model.checkPath();
    BodyLength length = BodyLength.of(request.headers());
    if (!length.isChunked() && length.bytes() == 0) {
      if (!request.method().name().equals("GET")) {
        throw new CallRefused(CallError.of(CallRefusal.MODEL_NOT_READABLE));
      }
      return null;
    }
    RequestedModel.checkReadable(request.headers());
    BufferBudget.Place place = budget.begin(passage.ground().account());
    if (place == null) {
      throw new CallRefused(CallError.BUSY);
    }
    return new BufferedBody(model.scan(), place, Math.min(LARGEST, mostBytes), buffers);
  }

  /**
   * @param part taken over
   * @throws CallRefused when it is too much, for this call or together with others
   */
  public void add(ByteBuf part) {
    try {
      bytes += part.readableBytes();
      if (bytes > largest) {
        throw new CallRefused(CallError.BODY_TOO_LARGE);
      }
      while (part.isReadable()) {
        ByteBuf to = writable();
        to.writeBytes(part, Math.min(part.readableBytes(), to.writableBytes()));
      }
    } finally {
      part.release();
    }
  }

  private ByteBuf writable() {
    if (!segments.isEmpty() && segments.getLast().isWritable()) {
      return segments.getLast();
    }
    int size = SMALLEST_SEGMENT << Math.min(segments.size(), 4);
    if (!place.take(size)) {
      throw new CallRefused(CallError.BUSY);
    }
    ByteBuf next = buffers.buffer(size, size);
    segments.add(next);
    return next;
  }

  /** Whether the whole body can be read for its model without going elsewhere. */
  boolean isSmall() {
    return bytes <= SMALL;
  }

  /** The body is about to be read on another thread, which says so when it is done with it. */
  void beginReading() {
    users.incrementAndGet();
  }

  /**
   * Reads the whole body for its model, a part in each turn. Called by one thread at a time.
   *
   * @return whether that was the last turn
   * @throws CallRefused when it does not name allowed models alone
   */
  boolean readOn() {
    byte[] piece = new byte[PIECE];
    for (int read = 0; read < TURN && !abandoned; ) {
      if (segment == segments.size()) {
        asked = scan.end();
        return true;
      }
      ByteBuf from = segments.get(segment);
      int length = Math.min(PIECE, from.writerIndex() - offset);
      from.getBytes(offset, piece, 0, length);
      scan.read(piece, 0, length);
      read += length;
      offset += length;
      if (offset == from.writerIndex()) {
        segment++;
        offset = 0;
      }
    }
    return abandoned;
  }

  /** Reading is over; the body is not touched any more by who read it. */
  void endReading() {
    letGo();
  }

  /**
   * @param allowed by now; empty where any model is
   * @throws CallRefused when the body, which was read, asks for another
   */
  public void demandOnly(Optional<Set<ModelName>> allowed) {
    if (allowed.isPresent() && !allowed.get().containsAll(asked)) {
      throw new CallRefused(CallError.of(CallRefusal.MODEL_NOT_ALLOWED));
    }
  }

  public boolean isTaken() {
    return taken;
  }

  /** The whole body in its order, for the receiver to release. */
  public List<ByteBuf> take() {
    taken = true;
    return segments;
  }

  /** Whether the body has left. */
  public boolean isClosed() {
    return closed;
  }

  /** The body has left, or the call is over. */
  public void close() {
    if (!closed) {
      closed = true;
      abandoned = true;
      letGo();
    }
  }

  private void letGo() {
    if (users.decrementAndGet() == 0) {
      if (!taken) {
        segments.forEach(ByteBuf::release);
      }
      place.close();
    }
  }
}
