package io.claviger.gateway.probe;

import io.claviger.application.batches.port.BatchProvider;
import io.claviger.application.gateway.ServiceCalls;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.formats.BatchAnswers;
import io.claviger.domain.formats.BatchAnswers.BatchReport;
import io.claviger.domain.instances.Instance;
import io.claviger.gateway.model.ScalarMembers;
import io.claviger.gateway.usage.StatedLines;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Sends requests about batches to providers, under the same rules as the gateway's calls. */
public final class OutboundBatches implements BatchProvider {
  /**
   * The largest answer about a batch, in bytes; the same limit applies to the answer with the
   * results.
   */
  static final long MOST_BYTES = 2L << 30;

  private static final Duration TO_REPORT = Duration.ofSeconds(10);

  /** The time limit for reading the results, which can be as large as an uploaded file. */
  private static final Duration TO_READ = Duration.ofMinutes(4);

  private final Function<Instance.Ref, Optional<AuthorizedCall>> services;
  private final OutboundProbe probe;
  private final long mostBytes;

  public OutboundBatches(ServiceCalls services, OutboundProbe probe) {
    this(services::open, probe, MOST_BYTES);
  }

  /**
   * @param services a function that returns an authorized call for a service; it returns empty if
   *     the service can't be called
   * @param mostBytes the maximum number of bytes that are read from an answer
   */
  OutboundBatches(
      Function<Instance.Ref, Optional<AuthorizedCall>> services,
      OutboundProbe probe,
      long mostBytes) {
    this.services = services;
    this.probe = probe;
    this.mostBytes = mostBytes;
  }

  @Override
  public Optional<BatchReport> report(Instance.Ref service, String batch) {
    try (AuthorizedCall call = services.apply(service).orElse(null)) {
      Optional<BatchAnswers> answers =
          Optional.ofNullable(call).flatMap(open -> open.standard().format().api().batchAnswers());
      if (call == null || answers.isEmpty()) {
        return Optional.empty();
      }
      // Some providers put the results into the answer about the batch, so reading this answer can
      // take as long as reading results.
      Duration limit = answers.get().array().isEmpty() ? TO_REPORT : TO_READ;
      ScalarMembers members = new ScalarMembers();
      return read(call, answers.get().path(batch), limit, members::read)
          ? members.end().flatMap(found -> answers.get().report(batch, found))
          : Optional.empty();
    }
  }

  @Override
  public Optional<List<String>> resultFiles(Instance.Ref service, String batch) {
    boolean writesFiles;
    try (AuthorizedCall call = services.apply(service).orElse(null)) {
      if (call == null) {
        return Optional.empty();
      }
      writesFiles =
          call.standard()
              .format()
              .api()
              .batchAnswers()
              .filter(BatchAnswers::writesFiles)
              .isPresent();
    }
    return writesFiles
        ? report(service, batch).filter(BatchReport::isOver).map(BatchReport::files)
        : Optional.of(List.of());
  }

  /**
   * Returns the path to append to the endpoint. The path begins with the API's version unless the
   * endpoint contains the version.
   */
  private static String below(AuthorizedCall call, String path) {
    return call.standard().format().api().versionBelow(call.endpoint().path()) + path;
  }

  @Override
  public boolean readResults(Instance.Ref service, String path, Receiver receiver) {
    try (AuthorizedCall call = services.apply(service).orElse(null)) {
      Optional<BatchAnswers> answers =
          Optional.ofNullable(call).flatMap(open -> open.standard().format().api().batchAnswers());
      if (call == null || answers.isEmpty()) {
        return false;
      }
      StatedLines lines = new StatedLines(call.standard().format().api(), answers.get(), receiver);
      return read(call, path, TO_READ, lines::read) && lines.end();
    }
  }

  /**
   * Reads an answer while it arrives. The answer is not kept in memory.
   *
   * @param parts an action that receives the bytes of the answer's body
   * @return whether the whole answer was read
   */
  private boolean read(AuthorizedCall call, String path, Duration limit, Consumer<byte[]> parts) {
    ProbeRequest request =
        new ProbeRequest(
            HttpMethod.GET, below(call, path), "", call.standard().format().api().storageHeaders());
    return probe.send(new Reading(call, request, limit, mostBytes, parts)).join();
  }

  /** A request whose answer is read while it arrives. */
  private static final class Reading extends ProviderCall<Boolean> {
    private final Consumer<byte[]> parts;
    private long bytesLeft;

    Reading(
        AuthorizedCall authorized,
        ProbeRequest request,
        Duration limit,
        long mostBytes,
        Consumer<byte[]> parts) {
      super(authorized, request, limit);
      this.bytesLeft = mostBytes;
      this.parts = parts;
    }

    @Override
    public void content(ByteBuf content) {
      try {
        bytesLeft -= content.readableBytes();
        if (bytesLeft < 0) {
          giveUp();
        } else if (!isOver()) {
          byte[] part = new byte[content.readableBytes()];
          content.readBytes(part);
          parts.accept(part);
        }
      } finally {
        content.release();
      }
    }

    @Override
    public void answerEnded() {
      end(true);
    }

    @Override
    protected void giveUp() {
      end(false);
    }
  }
}
