package io.claviger.gateway.probe;

import io.claviger.application.batches.port.BatchProvider;
import io.claviger.application.gateway.ServiceCalls;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.ProviderRequests.ProviderAnswer;
import io.claviger.application.gateway.port.ProviderRequests.ProviderRequest;
import io.claviger.domain.formats.BatchAnswers;
import io.claviger.domain.formats.BatchAnswers.BatchReport;
import io.claviger.domain.instances.Instance;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.out.ProviderPool;
import io.claviger.gateway.relay.ResponsePolicy;
import io.claviger.gateway.relay.StatedLines;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Asks providers about batches under the same rules as the gateway's calls. */
public final class OutboundBatches implements BatchProvider {
  /** The most bytes of an answer about a batch. */
  static final int MOST_BYTES = 1 << 20;

  /** The most members of such an answer that are kept. */
  private static final int MOST_MEMBERS = 200;

  private static final int LONGEST_TEXT = 1_000;

  private static final Duration TO_REPORT = Duration.ofSeconds(10);

  /** How long results may take. They may be as large as a caller's uploads. */
  private static final Duration TO_READ = Duration.ofMinutes(5);

  private static final JsonFactory JSON = new JsonFactory();

  private final ServiceCalls services;
  private final OutboundProbe probe;

  public OutboundBatches(ServiceCalls services, OutboundProbe probe) {
    this.services = services;
    this.probe = probe;
  }

  @Override
  public Optional<BatchReport> report(Instance.Ref service, String batch) {
    try (AuthorizedCall call = services.open(service).orElse(null)) {
      Optional<BatchAnswers> answers =
          Optional.ofNullable(call).flatMap(open -> open.standard().format().api().batchAnswers());
      if (call == null || answers.isEmpty()) {
        return Optional.empty();
      }
      ProviderAnswer answer =
          new OutboundRequests(probe)
              .send(
                  call,
                  new ProviderRequest(
                      "GET", below(call, answers.get().path(batch)), "", MOST_BYTES),
                  TO_REPORT)
              .join();
      return answer.status() == 200
          ? members(answer.body(), answer.isCut())
              .flatMap(members -> answers.get().report(batch, members))
          : Optional.empty();
    }
  }

  /** The path below the endpoint, with the version that the endpoint may lack. */
  private static String below(AuthorizedCall call, String path) {
    return call.standard().format().api().versionBelow(call.endpoint().path()) + path;
  }

  /**
   * The scalar members of a JSON object by their paths, without what is in arrays.
   *
   * @param isCut whether the rest of the body is missing: some answers have the results in them
   */
  static Optional<Map<String, String>> members(byte[] body, boolean isCut) {
    Map<String, String> members = new HashMap<>();
    Deque<String> names = new ArrayDeque<>();
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      String path = "";
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        switch (token) {
          case PROPERTY_NAME -> path = String.join("", names) + parser.currentName();
          case START_OBJECT -> names.addLast(parser.currentName() + ".");
          case END_OBJECT -> {
            if (!names.isEmpty()) {
              names.removeLast();
            }
          }
          case START_ARRAY -> parser.skipChildren();
          default -> keep(members, path, parser);
        }
      }
    } catch (JacksonException malformed) {
      return Optional.of(members).filter(found -> isCut);
    }
    return Optional.of(members);
  }

  private static void keep(Map<String, String> members, String path, JsonParser parser) {
    if (members.size() < MOST_MEMBERS
        && parser.currentToken() != JsonToken.VALUE_NULL
        && parser.getStringLength() <= LONGEST_TEXT) {
      members.put(path, parser.getString());
    }
  }

  @Override
  public boolean readResults(Instance.Ref service, String path, Receiver receiver) {
    try (AuthorizedCall call = services.open(service).orElse(null)) {
      Optional<BatchAnswers> answers =
          Optional.ofNullable(call).flatMap(open -> open.standard().format().api().batchAnswers());
      if (call == null || answers.isEmpty()) {
        return false;
      }
      ProbeRequest request =
          new ProbeRequest(
              HttpMethod.GET,
              below(call, path),
              "",
              call.standard().format().api().storageHeaders());
      StatedLines lines = new StatedLines(answers.get().results(), answers.get().array(), receiver);
      return probe.send(connections -> new Results(call, request, lines, connections)).join();
    }
  }

  /** A request for results, which are read while they arrive. */
  private static final class Results extends OutboundCall<Boolean> {
    private final StatedLines lines;

    Results(
        AuthorizedCall authorized,
        ProbeRequest request,
        StatedLines lines,
        ProviderPool connections) {
      super(authorized, request, TO_READ, connections);
      this.lines = lines;
    }

    @Override
    public void answered(HttpResponse head) {
      if (head.status().code() != 200 || ResponsePolicy.errorInstead(head).isPresent()) {
        giveUp();
      }
    }

    @Override
    public void content(ByteBuf content) {
      try {
        if (!isOver()) {
          lines.read(content);
        }
      } finally {
        content.release();
      }
    }

    @Override
    public void answerEnded() {
      end(isOver() || lines.end());
    }

    @Override
    public void refused(CallError why) {
      giveUp();
    }

    @Override
    public void silent() {
      giveUp();
    }

    @Override
    public void broken() {
      giveUp();
    }

    @Override
    public void malformed() {
      giveUp();
    }

    @Override
    void giveUp() {
      end(false);
    }

    @Override
    public void failed(Throwable why) {
      giveUp();
    }
  }
}
