package io.claviger.gateway.authorize;

import io.claviger.application.routing.ModelRouting;
import io.claviger.application.routing.ModelRouting.RoutingDecision;
import io.claviger.application.routing.ModelRouting.RoutingRequest;
import io.claviger.gateway.errors.CallError;
import io.netty.channel.EventLoop;
import java.util.Optional;
import java.util.function.Consumer;

/** Asks where a model leads. The asker is called with the answer on the event loop. */
public final class RoutingQuery implements Inquiry.Asker<RoutingDecision> {
  /** Providers may be asked for three seconds, and the database before and after them. */
  private static final long MOST_MILLIS = 6_000;

  /** Called on the event loop. */
  public interface Asker {
    /** Whether the answer still matters. */
    boolean isDeciding();

    void fail(CallError why);

    void broken(Throwable why);
  }

  private final ModelRouting routing;
  private final RoutingRequest question;
  private final Asker asker;
  private final Consumer<RoutingDecision> then;

  private RoutingQuery(
      ModelRouting routing, RoutingRequest question, Asker asker, Consumer<RoutingDecision> then) {
    this.routing = routing;
    this.question = question;
    this.asker = asker;
    this.then = then;
  }

  /**
   * Calls the asker or {@code then}, before this returns or later.
   *
   * @param then receives any answer but a refusal
   */
  public static void ask(
      AuthorizationContext context,
      EventLoop loop,
      RoutingRequest question,
      Asker asker,
      Consumer<RoutingDecision> then) {
    new Inquiry<>(
            context.executor(),
            new Inquiry.InquiryTerms(loop, question.address(), question.requestId(), MOST_MILLIS),
            new RoutingQuery(context.routing(), question, asker, then))
        .begin();
  }

  @Override
  public Optional<RoutingDecision> askAtOnce() {
    return routing.answerAtOnce(question);
  }

  @Override
  public RoutingDecision ask() {
    return routing.answer(question);
  }

  @Override
  public void answered(RoutingDecision answer) {
    if (answer instanceof RoutingDecision.Refused no) {
      refused(CallError.of(no.why(), no.retryAfter()));
    } else if (asker.isDeciding()) {
      then.accept(answer);
    }
  }

  @Override
  public void discard(RoutingDecision answer) {
    // It holds no secrets.
  }

  @Override
  public void refused(CallError why) {
    if (asker.isDeciding()) {
      asker.fail(why);
    }
  }

  @Override
  public void failed(Throwable why) {
    asker.broken(why);
  }
}
