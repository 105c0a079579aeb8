/** API standards and the registry of providers, over HTTP. */
@NullMarked
package io.claviger.web.standards;

import org.jspecify.annotations.NullMarked;
