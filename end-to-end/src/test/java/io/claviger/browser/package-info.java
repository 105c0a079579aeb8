/**
 * The console in a real Chromium. All classes share a node and a browser, and take turns, because
 * Playwright is to be used by one thread at a time.
 */
package io.claviger.browser;
