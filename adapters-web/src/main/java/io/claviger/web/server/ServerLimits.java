package io.claviger.web.server;

import java.time.Duration;

/**
 * The limits that apply to callers of the API. A connection that exceeds one of these times is
 * closed.
 *
 * @param connections the largest number of connections that may be open at the same time
 * @param connectionsPerAddress the largest number of open connections from one {@link
 *     io.claviger.domain.accounts.AddressBlock}; connections of trusted proxies do not count
 * @param headTime the longest time in which the whole head of a request has to arrive, from its
 *     first byte
 * @param bodyTime the longest time in which the whole body of a request has to arrive, from the end
 *     of the head
 * @param answerTime the longest time that may pass between the end of a request and the moment when
 *     the whole answer has been sent
 * @param requestsPerMinute how many requests a minute one user may make, and how many requests
 *     without an access token may come from one address in a minute
 * @param bodyMemory the largest number of bytes that arriving bodies of all users may take. The
 *     bodies of one user may take an eighth of this number. In addition, arriving forms of unknown
 *     callers may take a sixteenth of this number
 */
public record ServerLimits(
    int connections,
    int connectionsPerAddress,
    Duration headTime,
    Duration bodyTime,
    Duration answerTime,
    int requestsPerMinute,
    long bodyMemory) {
  public static final ServerLimits STANDARD =
      new ServerLimits(
          4_096,
          1_024,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(120),
          1_200,
          Runtime.getRuntime().maxMemory() / 8);

  public ServerLimits withConnections(int most, int perAddress) {
    return new ServerLimits(
        most, perAddress, headTime, bodyTime, answerTime, requestsPerMinute, bodyMemory);
  }

  public ServerLimits withTimes(Duration head, Duration body, Duration answer) {
    return new ServerLimits(
        connections, connectionsPerAddress, head, body, answer, requestsPerMinute, bodyMemory);
  }

  public ServerLimits withRequestsPerMinute(int most) {
    return new ServerLimits(
        connections, connectionsPerAddress, headTime, bodyTime, answerTime, most, bodyMemory);
  }

  public ServerLimits withBodyMemory(long bytes) {
    return new ServerLimits(
        connections,
        connectionsPerAddress,
        headTime,
        bodyTime,
        answerTime,
        requestsPerMinute,
        bytes);
  }
}
