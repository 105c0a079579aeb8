/**
 * The shares of an LLM service, over HTTP, and what those of projects and definitions have in
 * common with them.
 */
@NullMarked
package io.claviger.web.sharing;

import org.jspecify.annotations.NullMarked;
