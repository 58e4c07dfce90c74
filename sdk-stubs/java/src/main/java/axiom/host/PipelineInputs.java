// The inputs of a pipeline call, as the handler takes them.
package axiom.host;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;

/** Waits for the next input; asks for another each time one is taken, so that no more than a few are held. */
final class PipelineInputs<I> implements Iterator<I> {
    private static final Object END = new Object();

    private final BlockingQueue<Object> arrived = new LinkedBlockingQueue<>();
    private final Runnable askForMore;
    private Object next;

    PipelineInputs(Runnable askForMore) {
        this.askForMore = askForMore;
    }

    void add(I input) {
        arrived.add(input);
    }

    void end() {
        arrived.add(END);
    }

    /** Throws CancellationException when the call is cancelled while it waits. */
    @Override
    public boolean hasNext() {
        if (next == null) {
            try {
                next = arrived.take();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new CancellationException("the invocation was cancelled");
            }
        }
        return next != END;
    }

    /** Only {@link #add} puts anything but END in the queue. */
    @Override
    @SuppressWarnings("unchecked")
    public I next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the inputs have ended");
        }
        I input = (I) next;
        next = null;
        askForMore.run();
        return input;
    }
}
