@NullMarked
package io.claviger.application.sessions;

import org.jspecify.annotations.NullMarked;
