package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.gateway.out.ProviderListener;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An answer of which nothing has been passed on yet, because another target may give a better one.
 */
final class HeldAnswer {
  /** An error that says more is not read for its reason. */
  private static final int ENOUGH = 64 << 10;

  /** How providers say that an account has no credit left. */
  private static final Pattern NO_CREDIT =
      Pattern.compile(
          "credit balance is too low|insufficient_quota|insufficient[ _](?:credits?|balance|funds)"
              + "|exceeded your current quota|billing_hard_limit_reached|out of credits?"
              + "|credits? (?:is |are |has been |have been )?(?:exhausted|depleted)");

  private final HttpResponse head;
  private final List<ByteBuf> parts = new ArrayList<>(2);
  private int bytes;
  private boolean ended;
  private boolean broken;

  HeldAnswer(HttpResponse head) {
    this.head = head;
  }

  HttpResponse head() {
    return head;
  }

  /**
   * @param part taken over
   * @return whether it is enough to tell the reason
   */
  boolean add(ByteBuf part) {
    bytes += part.readableBytes();
    parts.add(part);
    return bytes >= ENOUGH;
  }

  void end() {
    ended = true;
  }

  /** The rest of the answer does not arrive. */
  void breakOff() {
    broken = true;
  }

  boolean saysThatCreditIsExhausted() {
    StringBuilder text = new StringBuilder(bytes);
    parts.forEach(part -> text.append(part.toString(UTF_8)));
    return NO_CREDIT.matcher(text.toString().toLowerCase(Locale.ROOT)).find();
  }

  /** Tells all of it, as it was told before. */
  void replay(ProviderListener to) {
    to.answered(head);
    List<ByteBuf> all = List.copyOf(parts);
    parts.clear();
    all.forEach(to::content);
    if (ended) {
      to.answerEnded();
    } else if (broken) {
      to.broken();
    } else {
      to.paused();
    }
  }

  void close() {
    parts.forEach(ByteBuf::release);
    parts.clear();
  }
}
