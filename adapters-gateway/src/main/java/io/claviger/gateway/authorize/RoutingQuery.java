package io.claviger.gateway.authorize;

import io.claviger.application.routing.ModelRouting;
import io.claviger.application.routing.ModelRouting.RoutingDecision;
import io.claviger.application.routing.ModelRouting.RoutingRequest;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.Continuation;
import io.netty.channel.EventLoop;
import java.util.Optional;

/** Asks which services a model leads to. */
public final class RoutingQuery implements Inquiry.Asker<RoutingDecision> {
  /**
   * The longest wait: providers may be asked for three seconds, and the database before and after
   * that.
   */
  private static final long MOST_MILLIS = 6_000;

  private final ModelRouting routing;
  private final RoutingRequest question;
  private final Continuation<RoutingDecision> then;

  private RoutingQuery(
      ModelRouting routing, RoutingRequest question, Continuation<RoutingDecision> then) {
    this.routing = routing;
    this.question = question;
    this.then = then;
  }

  /**
   * Asks. The answer may come before this returns.
   *
   * @param then receives {@link RoutingDecision.Refused} as an error
   */
  public static void ask(
      AuthorizationContext context,
      EventLoop loop,
      RoutingRequest question,
      Continuation<RoutingDecision> then) {
    new Inquiry<>(
            context.executor(),
            new Inquiry.InquiryTerms(loop, question.address(), question.requestId(), MOST_MILLIS),
            new RoutingQuery(context.routing(), question, then))
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
  public void done(RoutingDecision answer) {
    if (answer instanceof RoutingDecision.Refused no) {
      then.refused(CallError.of(no.why(), no.retryAfter()));
    } else {
      then.done(answer);
    }
  }

  @Override
  public void discard(RoutingDecision answer) {
    // A decision holds no secrets.
  }

  @Override
  public void refused(CallError why) {
    then.refused(why);
  }

  @Override
  public void failed(Throwable why) {
    then.failed(why);
  }
}
