package io.claviger.stub;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The model names that make the stub misbehave. */
final class Triggers {
  private record Trigger(Pattern name, Function<MatchResult, Consumer<StubExchange>> how) {}

  private static final String EARLY_ANSWER = "stub-early-answer";

  private static final List<Trigger> ALL =
      List.of(
          trigger(
              "status-([2-5]\\d\\d)(?:-retry-after-(\\d{1,9}))?",
              found -> Refusals.status(number(found, 1), found.group(2))),
          trigger("unauthorized", found -> Refusals::unauthorized),
          trigger("gemini-key-invalid", found -> Refusals::geminiKeyInvalid),
          trigger("aws-key-expired", found -> Refusals::awsKeyExpired),
          trigger("content-filter", found -> Refusals::contentFilter),
          trigger("redirect", found -> Refusals::redirect),
          trigger("echo-key-header", found -> Echoes::keyInHeader),
          trigger("echo-key-body", found -> Echoes::keyInBody),
          trigger("echo-key-error", found -> Echoes::keyInError),
          trigger("echo-key-stream", found -> Echoes::keyInStream),
          trigger("echo-header-([\\w-]+)", found -> Echoes.header(found.group(1))),
          trigger("slow-first-byte-(\\d{1,9})", found -> Delays.firstByte(number(found, 1))),
          trigger("stall-after-headers", found -> Delays::stallAfterHeaders),
          trigger("stall-mid-stream", found -> Delays::stallMidStream),
          trigger(
              "chunk-delay-(\\d{1,9})-count-(\\d{1,9})",
              found -> Delays.chunks(number(found, 1), number(found, 2))),
          trigger("late-end-(\\d{1,9})", found -> Delays.end(number(found, 1))),
          trigger("reset", found -> StubExchange::reset),
          trigger("half-header", found -> ConnectionFaults::halfHeader),
          trigger("reset-mid-stream", found -> ConnectionFaults::resetMidStream),
          trigger("close-mid-stream", found -> ConnectionFaults::closeMidStream),
          trigger("lying-length", found -> ConnectionFaults::lyingLength),
          trigger("close", found -> ConnectionFaults::closeAfterwards),
          trigger("big-(\\d{1,15})", found -> UnusualResponses.big(Long.parseLong(found.group(1)))),
          trigger(
              "many-headers-(\\d{1,5})", found -> UnusualResponses.manyHeaders(number(found, 1))),
          trigger("dashes-(\\d{1,8})", found -> HostileResponses.dashes(number(found, 1))),
          trigger("folded-key", found -> HostileResponses::foldedKey),
          trigger("endless-head", found -> HostileResponses::endlessHead),
          trigger("endless-interim", found -> HostileResponses::endlessInterim),
          trigger("hostile-text", found -> HostileResponses::hostileText),
          trigger("hostile-error", found -> HostileResponses::hostileError),
          trigger("low-status", found -> HostileResponses::lowStatus),
          trigger("other-id", found -> ObjectLies::otherId),
          trigger("two-ids", found -> ObjectLies::twoIds),
          trigger("no-id", found -> ObjectLies::noId),
          trigger("long-id-(\\d{1,7})", ObjectLies::longId),
          trigger("foreign-url", found -> ObjectLies::foreignUrl),
          trigger("foreign-list", found -> ObjectLies::foreignList),
          trigger("list-(\\d{1,8})", found -> ObjectLies.list(number(found, 1))),
          trigger("end-before-id", found -> ObjectLies::endBeforeId),
          trigger("end-after-id", found -> ObjectLies::endAfterId),
          trigger("gzip", found -> UnusualResponses::gzip),
          trigger("set-cookie", found -> UnusualResponses::headersToDrop));

  private Triggers() {}

  static @Nullable Behaviour find(String name) {
    if (name.equals(EARLY_ANSWER)) {
      return new Behaviour(Streaming::proper, true);
    }
    for (Trigger trigger : ALL) {
      Matcher matcher = trigger.name().matcher(name);
      if (matcher.matches()) {
        return new Behaviour(trigger.how().apply(matcher), false);
      }
    }
    return null;
  }

  private static Trigger trigger(String name, Function<MatchResult, Consumer<StubExchange>> how) {
    return new Trigger(Pattern.compile("stub-" + name), how);
  }

  private static int number(MatchResult found, int group) {
    return Integer.parseInt(found.group(group));
  }
}
