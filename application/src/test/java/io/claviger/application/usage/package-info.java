@NullMarked
package io.claviger.application.usage;

import org.jspecify.annotations.NullMarked;
