// Whoever stands here now: forgotten when the time is over, when they say so, when the next one's code is read, and when the page goes.

const SECONDS = 60, WITH_HELP = 180, WARN = 15;

export class Session {
  constructor(onTick, onEnd) {
    this.onTick = onTick;
    this.onEnd = onEnd;
    this.assisted = false;
    this.person = null;
    this.timer = null;
    this.touch = this.touch.bind(this);
    this.typed = this.typed.bind(this);
  }

  get most() {
    return this.assisted ? WITH_HELP : SECONDS;
  }

  begin(person) {
    this.person = person;
    this.left = this.most;
    document.addEventListener("pointerdown", this.touch, true);
    document.addEventListener("keydown", this.typed, true);
    clearInterval(this.timer);
    this.timer = setInterval(() => this.tick(), 1000);
    this.onTick(this.left, this.most, false);
  }

  touch() {
    this.left = this.most;
    this.onTick(this.left, this.most, false);
  }

  // A hand at a keyboard goes from button to button. Letters and Enter are a scanner's, which may be the next one's.
  typed(event) {
    if (event.key.length > 1 && event.key !== "Enter") this.touch();
  }

  tick() {
    this.left -= 1;
    if (this.left <= 0) this.end();
    else this.onTick(this.left, this.most, this.left <= WARN);
  }

  leave() {
    clearInterval(this.timer);
    document.removeEventListener("pointerdown", this.touch, true);
    document.removeEventListener("keydown", this.typed, true);
    this.person = null;
  }

  end() {
    this.leave();
    this.onEnd();
  }
}
