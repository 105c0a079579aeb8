package io.claviger.application.sessions;

import io.claviger.domain.sessions.BrowserSecret;
import io.claviger.domain.sessions.Session;

/** A new session with the secret for its cookie. The secret can't be shown again. */
public record NewSession(Session session, BrowserSecret secret) {}
