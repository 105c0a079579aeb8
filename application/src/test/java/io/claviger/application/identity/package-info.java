@NullMarked
package io.claviger.application.identity;

import org.jspecify.annotations.NullMarked;
